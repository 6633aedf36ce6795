/** A press must last so long, ms. */
const HOLD_MS = 2000;
const TICK_MS = 50;
/** The page stood still for longer: nobody knows whether the button was let go, ms. */
const MOST_GAP_MS = 500;

/** A button that acts only when it is held, by pointer or by the space bar. */
export interface HoldButton {
  /** Lets go, as if the finger had been lifted. */
  release(): void;
}

/** @param held - told once per hold that lasted. */
export function makeHoldButton(button: HTMLButtonElement, held: () => void): HoldButton {
  let sinceMs: number | null = null;
  let tickMs = 0;
  let timer = 0;

  function press(): void {
    if (button.disabled || sinceMs !== null) return;
    sinceMs = tickMs = performance.now();
    timer = window.setInterval(tick, TICK_MS);
  }
  function release(): void {
    clearInterval(timer);
    sinceMs = null;
    button.style.setProperty('--held', '0');
  }
  function tick(): void {
    const nowMs = performance.now();
    if (sinceMs === null || button.disabled || nowMs - tickMs > MOST_GAP_MS) return release();
    tickMs = nowMs;
    button.style.setProperty('--held', String(Math.min(1, (nowMs - sinceMs) / HOLD_MS)));
    if (nowMs - sinceMs < HOLD_MS) return;
    release();
    held();
  }
  button.addEventListener('pointerdown', (event) => {
    if (event.button === 0 && event.isPrimary) press();
  });
  for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'blur'] as const)
    button.addEventListener(end, release);
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  button.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return;
    event.preventDefault();
    if (!event.repeat) press();
  });
  button.addEventListener('keyup', (event) => {
    if (event.key === ' ') release();
  });
  return { release };
}
