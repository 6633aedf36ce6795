import type { Link } from './link.ts';

/**
 * Cuts one end's link to the broker.
 *
 * @param how - what does not get through any more.
 * @param isOfMonitor - permits go up the link of the monitor and down that of the receiver.
 */
export function cutLink(link: Link, how: 'permits' | 'reports' | 'both' | 'sever', isOfMonitor: boolean): void {
  if (how === 'sever') return link.sever();
  if (how === 'both') return link.stall('toBroker', 'fromBroker');
  link.stall((how === 'permits') === isOfMonitor ? 'toBroker' : 'fromBroker');
}
