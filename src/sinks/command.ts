import { z } from 'zod';
import { defineSink } from '../model/sink.ts';
import type { SinkSetting } from '../model/sink.ts';
import { subjectOf } from './notify/notice.ts';
import type { Notice } from './notify/notice.ts';
import { createNotifier, testNotice } from './notify/notifier.ts';
import { runProgram } from './notify/runProgram.ts';
import { notifySettings } from './notify/settings.ts';

const config = z.strictObject({
  program: z.string().min(1).describe('The program; no shell stands in between.'),
  arguments: z.array(z.string()).default([]).describe('Its arguments, as they are.'),
  attempts: z.int().min(1).max(100).default(3).describe('How often it is run for a message before it counts as lost.'),
  ...notifySettings,
});
type Settings = z.output<typeof config>;

const run = (settings: Settings, notice: Notice): Promise<string> =>
  runProgram({
    program: settings.program,
    args: settings.arguments,
    input: JSON.stringify({ subject: subjectOf(notice), ...notice }),
    variables: { OPERANDO_SUBJECT: subjectOf(notice), OPERANDO_MESSAGE: notice.id },
    timeoutMs: settings.timeout / 1000,
  });

export default defineSink({
  name: 'command',
  summary: 'Runs a program for alerts, which it gets as JSON on its standard input.',
  accepts: ['alert'],
  config,
  example: { program: 'notify-send', arguments: ['operando'] },
  async test(settings, who) {
    const said = (await run(settings, testNotice(who))).trim();
    return `${settings.program} ended well${said === '' ? '' : ` and said: ${said}`}`;
  },
  create(settings, setting: SinkSetting) {
    let failed = { id: '', count: 0 };
    return createNotifier('command', settings, setting, {
      place: `${settings.program} fails,`,
      async send(notice) {
        try {
          await run(settings, notice);
        } catch (error) {
          failed = { id: notice.id, count: failed.id === notice.id ? failed.count + 1 : 1 };
          if (failed.count < settings.attempts) throw error;
          setting.countDropped('failed', notice.alerts.length + notice.moreCount);
          setting.report({ state: 'ok', detail: `A message was given up: ${(error as Error).message}` });
        }
      },
    });
  },
});
