import { resolve } from 'node:path';
import { ACCOUNT_KINDS } from '../config/permitPlan.ts';
import type { PageConfig } from '../config/schema.ts';
import type { GraphPlan, PlannedNode } from '../config/plan.ts';
import type { Obedience } from '../server/commands.ts';
import { createPageFeed, type PageFeed } from '../server/pageFeed.ts';
import { startPageServer, type PageServer } from '../server/pageServer.ts';
import { isLoopback } from '../server/access.ts';
import { watchCertificate, watchTokens } from '../server/accessFiles.ts';
import type { LoadedConfig } from '../config/load.ts';
import { webRoot } from './paths.ts';

/** Ports tried after the one asked for, when that may be replaced. */
const PORTS_TRIED = 20;

/** The page's view of a run: what it draws is what the file says, else the first change stage and what it takes. */
export function createFeed(
  loaded: LoadedConfig,
  plan: GraphPlan,
  contextUnit: (name: string) => string | undefined,
): PageFeed {
  const { page, run, instrument, modality } = loaded.config;
  const change = plan.nodes.find(
    ({ use, definition }) => use.startsWith('change.') && definition.outputs.includes('frame'),
  );
  const nodeOf = (use: string) => plan.nodes.find((node) => node.use === use);
  const dose = plan.nodes.find(({ id, use }) =>
    page.dose === undefined ? ACCOUNT_KINDS.includes(use) : id === page.dose,
  );
  const response = nodeOf('dose.response');
  return createPageFeed({
    run,
    instrument,
    modality,
    spectrum: page.spectrum ?? change?.from[0] ?? plan.streams[0]?.id ?? '',
    reference: page.reference ?? change?.id ?? null,
    dose: dose?.id ?? null,
    milestones: milestonesOf(dose),
    damage: response?.id ?? null,
    tolerance: numberOf(response, 'tolerance'),
    agreement: nodeOf('dose.agreement')?.id ?? null,
    exposure: nodeOf('dose.exposure')?.id ?? null,
    doseStages: plan.nodes.filter(({ use }) => use.startsWith('dose.')).map(({ id }) => id),
    contextUnit,
    now: () => performance.now(),
  });
}

/** The fractions of the limit at which a dose stage speaks. */
function milestonesOf(dose: PlannedNode | undefined): number[] {
  const milestones = dose?.with['milestones'];
  return Array.isArray(milestones) ? milestones.filter((value): value is number => typeof value === 'number') : [];
}

function numberOf(node: PlannedNode | undefined, setting: string): number | null {
  const value = node?.with[setting];
  return typeof value === 'number' ? value : null;
}

/**
 * Serves the page.
 * @param directory - what paths in `page` are relative to.
 * @param mayMove - take the next free port when the one asked for is taken.
 * @param documents - what else is to be had under /api/v1/.
 * @param commands - obey operators.
 */
export async function servePage(
  feed: PageFeed,
  page: PageConfig,
  directory: string,
  mayMove: boolean,
  documents: Readonly<Record<string, () => object>>,
  commands: Obedience,
): Promise<PageServer> {
  const { host, port, origin } = page;
  const token = page.token ?? null;
  const tokens = page.tokensFile === undefined ? null : watchTokens(resolve(directory, page.tokensFile));
  const { certFile, keyFile } = page;
  const certificate =
    certFile === undefined || keyFile === undefined
      ? undefined
      : watchCertificate(resolve(directory, certFile), resolve(directory, keyFile));
  const who = { token, tokens, certificate, origin };
  for (let tried = port; ; tried++) {
    try {
      return await startPageServer({ feed, host, port: tried, ...who, webRoot, documents, ...commands });
    } catch (error) {
      if (!mayMove || port === 0 || tried >= port + PORTS_TRIED || !isPortTaken(error)) throw error;
    }
  }
}

/** Where the page is, and what its user should know: never a token, because it may end in a log. */
export function pageLines(url: string, { host, token, tokensFile, certFile, origin }: PageConfig): string[] {
  const isGuarded = token !== undefined || tokensFile !== undefined;
  const isInTheClear = !isLoopback(host) && certFile === undefined && origin?.startsWith('https:') !== true;
  return [
    `page ${origin ?? url.replace(/\/$/, '')}/${isGuarded ? ' (open it with its token: /?token=...)' : ''}`,
    ...(isInTheClear
      ? ['page: tokens and data cross the network unencrypted; set page.certFile and page.keyFile, or use a proxy']
      : []),
  ];
}

function isPortTaken(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ((at as NodeJS.ErrnoException).code === 'EADDRINUSE') return true;
  return false;
}
