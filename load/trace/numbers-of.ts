const NUMBER = /^([DFR]\d+|S\d(?:\.\d)?|\([a-d]\))[:,]?$/;

/** The requirements' numbers that a test's name, or that of a group of tests, begins with. */
export function numbersOf(name: string): string[] {
  const numbers: string[] = [];
  for (const word of name.split(' ')) {
    const number = NUMBER.exec(word)?.[1];
    if (number === undefined) break;
    numbers.push(number);
  }
  return numbers;
}
