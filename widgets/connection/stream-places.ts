// How many streams a page may hold: browsers allow six connections to a server over HTTP/1.1, and the page needs some.
const most = 2;
let taken = 0;
const queue: (() => void)[] = [];

/** Takes a place, at once or when one is given back. @returns undefined when `signal` aborts before */
export async function takeStreamPlace(signal: AbortSignal): Promise<(() => void) | undefined> {
  if (signal.aborted) return undefined;
  if (taken >= most) {
    const free = await new Promise<boolean>((resolve) => {
      const mine = () => resolve(true);
      queue.push(mine);
      signal.addEventListener(
        'abort',
        () => {
          const place = queue.indexOf(mine);
          if (place >= 0) queue.splice(place, 1);
          resolve(false);
        },
        { once: true },
      );
    });
    if (!free) return undefined;
  } else {
    taken += 1;
  }
  let held = true;
  const giveBack = () => {
    if (!held) return;
    held = false;
    // The place goes on to the next in the queue, so that nobody who comes later is before it.
    const next = queue.shift();
    if (next) next();
    else taken -= 1;
  };
  // The signal can abort between the place being given and this line.
  if (signal.aborted) {
    giveBack();
    return undefined;
  }
  return giveBack;
}
