// Parts built when they come near the view, when the browser has time, or when all are asked for:
// the first frame waits for none of them.
const NEAR = "500px";
const LATEST = 300; // ms; a tab that is not shown paints nothing
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 30));

// Work for when the first frame is on the screen, or would have been.
function afterPaint(work) {
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    paints.disconnect();
    work();
  };
  const paints = new PerformanceObserver(begin);
  paints.observe({ type: "paint", buffered: true });
  setTimeout(begin, LATEST);
}

function lazily() {
  const waiting = new Map();
  const build = (element) => {
    const work = waiting.get(element);
    if (!work) return;
    waiting.delete(element);
    near.unobserve(element);
    element.classList.remove("waiting");
    work();
  };
  const near = new IntersectionObserver(
    // Each in a task of its own, with frames between them.
    (entries) =>
      entries
        .filter((entry) => entry.isIntersecting)
        .forEach((entry) => setTimeout(build, 0, entry.target)),
    { rootMargin: NEAR },
  );
  const idle = () => {
    const [next] = waiting.keys();
    if (!next) return;
    build(next);
    whenIdle(idle);
  };
  return {
    add(element, work) {
      element.classList.add("waiting");
      waiting.set(element, work);
    },
    start: () =>
      afterPaint(() => {
        for (const element of waiting.keys()) near.observe(element);
        whenIdle(idle);
      }),
    all: () => [...waiting.keys()].forEach(build),
    stop() {
      waiting.clear();
      near.disconnect();
    },
  };
}
