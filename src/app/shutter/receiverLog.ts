import type { ShutterState } from '../../model/permit.ts';
import type { Console } from '../console.ts';
import type { ReceiverLog } from './runReceiver.ts';

/** What a receiver prints. */
export interface PrintedLog extends ReceiverLog {
  failed(why: string, atMs: number): void;
  ended(observed: ShutterState, atMs: number): void;
}

/** One line per change: for people, or as JSON with `atMs`, milliseconds of the machine's monotonic clock. */
export function createReceiverLog(console: Pick<Console, 'out' | 'err'>, isJson: boolean): PrintedLog {
  const print = (event: string, atMs: number, fields: object, text: string): void => {
    if (isJson) console.out(JSON.stringify({ event, atMs, ...fields }));
    else console.out(`${(atMs / 1000).toFixed(3)} s  ${text}`);
  };
  let linkText = '';
  return {
    changed(change) {
      const { atMs, driven, observed, epoch, reason, trouble } = change;
      const seen = observed === driven ? driven : `${driven}, seen ${observed}`;
      const why = [reason, trouble].filter((part) => part !== '').join('; ');
      print('changed', atMs, change, `${seen}, epoch ${epoch}${why === '' ? '' : `: ${why}`}`);
    },
    link(health, atMs) {
      const text = `link ${health.state}${health.detail === '' ? '' : `: ${health.detail}`}`;
      if (text === linkText) return;
      linkText = text;
      print('link', atMs, health, text);
    },
    refused(why, count, atMs) {
      print('refused', atMs, { why, count }, `permit refused: ${why}${count === 1 ? '' : `, ${count} times`}`);
    },
    failed(why, atMs) {
      print('failed', atMs, { why }, `failed: ${why}`);
    },
    ended(observed, atMs) {
      print('ended', atMs, { observed }, `ended, seen ${observed}`);
    },
  };
}
