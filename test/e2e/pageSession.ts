import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { startPageServer, type PageServer, type PageServerOptions } from '../../src/server/pageServer.ts';
import { buildPage, launchBrowser } from './pageBrowser.ts';
import type { Stand } from './pageStand.ts';

export const LARGE = { width: 1920, height: 1080 };
export const SMALL = { width: 1366, height: 768 };
export const TABLET = { width: 900, height: 1200 };

export interface OpenOptions extends Partial<PageServerOptions> {
  readonly size?: { readonly width: number; readonly height: number };
  /** Behind '#'. */
  readonly view?: string;
  /** Where the page is opened instead of at its server. */
  readonly url?: (server: PageServer) => string;
}

/** One browser, one built page; each test opens its own server and tab, which end with it. */
export interface PageSession {
  open(stand: Stand, options?: OpenOptions): Promise<Page>;
  /** Of the page opened last. */
  readonly server: PageServer;
  /** Errors of the page opened last. */
  readonly troubles: readonly string[];
  /** What the page opened last has said to its server, in order. */
  readonly said: readonly string[];
  /** Starts a server again where the last one was. */
  restart(stand: Stand): Promise<void>;
  /** Keeps a picture for those who want to see what the tests saw. */
  picture(name: string): Promise<void>;
  /** Keeps a picture that the page made itself. */
  keep(name: string, png: Uint8Array): Promise<void>;
  /** Ends what the test opened. */
  shut(): Promise<void>;
  end(): Promise<void>;
}

/** @param pictures - folder under test-output. */
export async function startPageSession(pictures: string): Promise<PageSession> {
  const folder = new URL(`../../test-output/${pictures}`, import.meta.url).pathname;
  const webRoot = await buildPage();
  const browser: Browser = await launchBrowser();
  await mkdir(folder, { recursive: true });
  let server: PageServer | null = null;
  let page: Page | null = null;
  let troubles: string[] = [];
  let said: string[] = [];

  return {
    get server() {
      if (server === null) throw new Error('nothing is open');
      return server;
    },
    get troubles() {
      return troubles;
    },
    get said() {
      return said;
    },
    async open(stand, { size = SMALL, view = 'theme=dark', url, ...options } = {}) {
      server = await startPageServer({ feed: stand.feed, port: 0, token: null, webRoot, ...options });
      page = await browser.newPage({ viewport: size });
      troubles = [];
      said = [];
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(message.text());
      });
      page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => said.push(payload.toString())));
      await page.goto(`${url === undefined ? server.url : url(server)}#${view}`);
      return page;
    },
    async restart(stand) {
      if (server === null) throw new Error('nothing was open');
      const { port } = server;
      await server.close();
      server = await startPageServer({ feed: stand.feed, port, token: null, webRoot });
    },
    async picture(name) {
      await page?.screenshot({ path: `${folder}/${name}.png` });
    },
    keep: (name, png) => writeFile(`${folder}/${name}.png`, png),
    async shut() {
      await page?.close();
      await server?.close();
      page = server = null;
    },
    async end() {
      await browser.close();
      await rm(webRoot, { recursive: true, force: true });
    },
  };
}
