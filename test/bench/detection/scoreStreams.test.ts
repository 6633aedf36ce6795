import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseDetector } from '../../../bench/detection/detector.ts';
import { makeStream } from '../../../bench/detection/makeStream.ts';
import { judge, scoreStream, summarise, type StreamScore } from '../../../bench/detection/scoreStreams.ts';
import { readStreams, writtenStreams } from '../../../bench/detection/streamFile.ts';

const stream = { frames: 1000, calibrationFrames: 300 };

const score = (parts: Partial<StreamScore>): StreamScore => ({
  file: 'one.json',
  isChange: true,
  delay: null,
  bound: 10,
  falseAlarms: 0,
  nullFrames: 100,
  framesPerSecond: 1,
  channelFramesPerSecond: 1,
  stateBytes: 1,
  ...parts,
});

describe('the judgement of alarms', () => {
  it('counts the delay from the first changed frame, which is 1', () => {
    expect(judge([700], stream, { change_frame: 700 })).toEqual({ delay: 1, falseAlarms: 0, nullFrames: 400 });
  });

  it('calls every alarm before the change false, but none while learning', () => {
    expect(judge([100, 500, 699, 720, 800], stream, { change_frame: 700 })).toEqual({
      delay: 21,
      falseAlarms: 2,
      nullFrames: 400,
    });
  });

  it('finds every alarm false where nothing changes', () => {
    expect(judge([400, 900], stream, { change_frame: null })).toEqual({ delay: null, falseAlarms: 2, nullFrames: 700 });
  });

  it('averages over the changes that were found', () => {
    const scores = [score({ delay: 10 }), score({ delay: 20 }), score({ delay: 60 }), score({})];
    const quiet = score({ isChange: false, bound: null, falseAlarms: 3, nullFrames: 1700 });
    expect(summarise([...scores, quiet])).toEqual({
      changes: 4,
      found: 3,
      medianDelayOverBound: 2,
      meanDelayOverBound: 3,
      falseAlarms: 3,
      nullFrames: 2100,
    });
  });
});

describe('a scored stream', () => {
  const plan = {
    name: 'loud',
    channels: 128,
    frames: 700,
    drift: 'none',
    change: 'phase_transform',
    scale: 1,
  } as const;
  const known = makeStream(plan, 4, 0);

  it('shows a detector what it needs to find a large change after the change', () => {
    const { delay, bound, falseAlarms, stateBytes } = scoreStream(known, chooseDetector('change.step'));
    expect(falseAlarms).toBe(0);
    expect(delay).toBeGreaterThan(bound! / 3);
    expect(delay).toBeLessThan(200);
    expect(stateBytes).toBeGreaterThan(128 * 8);
  });

  it('comes back from its file as it was', () => {
    const folder = mkdtempSync(join(tmpdir(), 'operando-streams-'));
    try {
      const [written] = [...writtenStreams([known], folder, 4)];
      const [read] = [...readStreams(folder)];
      expect(read!.stream).toEqual(written!.stream);
      expect(read!.truth).toEqual(JSON.parse(JSON.stringify(written!.truth)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('cannot be made by a stage that does not exist', () => {
    expect(() => chooseDetector('change.wish')).toThrow("there is no stage 'change.wish'");
  });
});
