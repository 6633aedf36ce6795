import { font, readTokens } from './plot/tokens.ts';

const HEAD = 34;

/** What the main panel shows, with a line above that says what it is, at the pixels of the screen. */
export function viewPicture(main: HTMLElement, headline: string): Promise<Blob | null> {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const tokens = readTokens();
  const frame = main.getBoundingClientRect();
  const picture = document.createElement('canvas');
  picture.width = Math.round(frame.width * ratio);
  picture.height = Math.round((frame.height + HEAD) * ratio);
  const g = picture.getContext('2d');
  if (g === null) return Promise.resolve(null);
  g.scale(ratio, ratio);
  g.fillStyle = tokens.panel;
  g.fillRect(0, 0, frame.width, frame.height + HEAD);
  g.fillStyle = tokens.t1;
  g.font = font(15, 600);
  g.textBaseline = 'middle';
  g.fillText(headline, 12, HEAD / 2, frame.width - 24);
  g.translate(-frame.x, HEAD - frame.y);
  for (const canvas of main.querySelectorAll('canvas')) {
    const box = canvas.getBoundingClientRect();
    if (isShown(canvas) && box.width > 0 && canvas.width > 0) g.drawImage(canvas, box.x, box.y, box.width, box.height);
  }
  drawTexts(g, main);
  return new Promise((resolve) => picture.toBlob(resolve, 'image/png'));
}

/** The words that stand over the plots: what no canvas holds. */
function drawTexts(g: CanvasRenderingContext2D, root: HTMLElement): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = (node.textContent ?? '').replaceAll(/[ \n]+/g, ' ');
    const element = node.parentElement;
    if (text.trim() === '' || element === null || !isShown(element)) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    const style = getComputedStyle(element);
    const button = element.closest('button[aria-pressed="true"]');
    if (button !== null) {
      const pressed = button.getBoundingClientRect();
      g.fillStyle = getComputedStyle(button).backgroundColor;
      g.fillRect(pressed.x, pressed.y, pressed.width, pressed.height);
    }
    g.fillStyle = style.color;
    g.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    g.fillText(text, box.x, box.y + box.height / 2);
  }
}

const isShown = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });
