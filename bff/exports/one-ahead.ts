// Reads ahead: while one portion is worked on, the database makes the next.

/** Yields what a generator yields, and asks for the next before it hands one out. */
export async function* oneAhead<Item>(source: AsyncGenerator<Item, void, void>): AsyncGenerator<Item> {
  const ask = () => {
    const next = source.next();
    // It is awaited below, but may fail before.
    next.catch(() => undefined);
    return next;
  };
  let coming = ask();
  try {
    for (let item = await coming; item.done !== true; item = await coming) {
      coming = ask();
      yield item.value;
    }
  } finally {
    // Waits for what is still being asked.
    await source.return();
  }
}
