/** The benchmarks named, each once; all when none is. Throws a sentence naming those there are. */
export function choose<Name extends string>(args: readonly string[], known: readonly Name[]): Name[] {
  const unknown = args.filter((arg) => !known.some((name) => name === arg));
  if (unknown.length > 0) {
    throw new Error(
      `There is no benchmark ${unknown.map((name) => `"${name}"`).join(', ')}: there are ${known.join(', ')}`,
    );
  }
  return args.length === 0 ? [...known] : known.filter((name) => args.includes(name));
}
