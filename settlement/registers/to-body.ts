/**
 * A body that is made as it is read: no more of it is in memory than a piece or two. Its first piece is made before the
 * answer begins, so that a database that is away is still told by the status; a failure behind it cuts the body off.
 */
export async function toBody(pieces: AsyncGenerator<string>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let ahead: IteratorResult<string> | undefined = await pieces.next();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = ahead ?? (await pieces.next());
      ahead = undefined;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
