import { beforeAll, describe, expect, it } from 'vitest';
import { cuesOfPhones } from '../../src/lipsync/phones.ts';
import { SpeechError } from '../../src/speech/errors.ts';
import { AgentReply } from '../../src/voices/agent-reply.ts';
import { timedReplies } from '../../src/voices/timed/index.ts';
import { labels } from '../bench/visemes/accuracy/score.ts';
import { type Spoken, speakSentences } from '../bench/visemes/spoken.ts';
import { collect } from '../kit/collect.ts';

let line: Spoken;

beforeAll(async () => {
  [line] = (await speakSentences(1)) as [Spoken];
});

/** A reply as agents give it: words a little ahead of sound. */
async function speak(reply: AgentReply): Promise<void> {
  const { text, samples, sampleRate } = line;
  for (let at = 0; at < samples.length; at += 1600) {
    reply.text = text.slice(0, Math.ceil(((at + sampleRate) / samples.length) * text.length));
    reply.push([{ type: 'audio', samples: samples.slice(at, at + 1600), sampleRate }]);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  reply.text = text;
  reply.end();
}

describe.each([undefined, false] as const)('a reply without times, worker: %s', (worker) => {
  it('has the mouth and the words of its sound, as its text becomes known', async () => {
    const replies = timedReplies({ worker });
    const reply = new AgentReply();
    const timed = replies.of(reply);
    expect(timed).toMatchObject({ text: '', timing: { origin: 'alignment' } });
    expect(timed.lookAheadSeconds).toBeGreaterThanOrEqual(0.12);
    const collected = collect(timed.parts());
    await speak(reply);
    const { samples, cues, words, error } = await collected;
    replies.dispose();
    expect(error).toBeUndefined();
    expect(timed.text).toBe(line.text);
    expect(samples).toEqual([...line.samples]);
    expect(words.map(({ text }) => text).join(' ')).toBe(line.text.replace(/[.,!?]/g, ''));
    const wanted = labels(cuesOfPhones(line.phones), line.seconds);
    const got = labels(cues, line.seconds);
    const right = wanted.filter((viseme, frame) => viseme === got[frame]).length / wanted.length;
    expect(right).toBeGreaterThan(0.6);
  });

  it('fails as the reply does, and when it is let go of', async () => {
    const replies = timedReplies({ worker });
    replies.prepare();
    const broken = new AgentReply();
    const heard = collect(replies.of(broken).parts());
    broken.push([{ type: 'audio', samples: line.samples.slice(0, 1600), sampleRate: line.sampleRate }]);
    broken.fail(SpeechError.closedEarly('the service'));
    expect(await heard).toMatchObject({ error: { code: 'closed-early' } });
    const left = new AgentReply();
    const abort = new AbortController();
    const leaving = collect(replies.of(left).parts(abort.signal));
    abort.abort();
    expect(await leaving).toMatchObject({ error: { code: 'aborted' } });
    expect(left.over).toBe(true);
    replies.dispose();
    replies.dispose();
  });
});
