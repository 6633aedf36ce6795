// Loaded into a monitor or a receiver before anything else: does to it what an operating system or a bad day would, on request.
let shiftMs = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + shiftMs);
    else super(...parts);
  }
  static now() {
    return RealDate.now() + shiftMs;
  }
};

function press(everyMs) {
  setInterval(() => {
    const garbage = [];
    for (let i = 0; i < 2000; i++) garbage.push(new Array(500).fill(i));
    garbage.length = 0;
    globalThis.gc?.();
  }, everyMs).unref();
}

process.on('message', ({ blockMs, clockShiftMs, gcEveryMs }) => {
  if (clockShiftMs !== undefined) shiftMs = clockShiftMs;
  if (gcEveryMs !== undefined) press(gcEveryMs);
  if (blockMs === undefined) return;
  process.send({ blockedAtMs: Number(process.hrtime.bigint()) / 1e6 });
  const untilMs = performance.now() + blockMs;
  while (performance.now() < untilMs);
});
process.channel?.unref();
