import type { SpeechError } from '../../speech/errors.ts';
import { demand } from './conformance-error.ts';
import type { Definition } from './definition.ts';
import { demandCode } from './fault-checks.ts';

/** Answers to a handshake, and what kind of refusal each is. */
const REFUSALS = [
  { status: 401, refusal: 'key', body: '{"error":"Unauthorized"}' },
  { status: 429, refusal: 'busy', body: '{"error":"Too Many Requests"}' },
  { status: 503, refusal: 'busy', body: 'Service Unavailable' },
] as const;

/** An address of this machine where nothing listens: the port of discarded messages, which needs root to be served. */
const NOBODY = '127.0.0.1:9';

/** A service that does not let the adapter in. */
export const REFUSAL_CHECKS: readonly Definition[] = [
  ...REFUSALS.map(
    ({ status, refusal, body }): Definition => ({
      name: `HTTP ${status} is a refusal: ${refusal}`,
      async run(bench) {
        bench.proxy.behave({ refuse: { status, body, headers: { 'retry-after': '7' } } });
        const line = await bench.say(bench.open(), bench.texts.short);
        if (bench.subject.toldWhyRefused === false) {
          demandCode(line, ['refused', 'connect-failed'], 'Tell that no connection could be made.');
          return;
        }
        const cure = `HTTP ${status} means ${refusal === 'key' ? 'that the key is missing or wrong' : 'that the service has no room now'}: throw SpeechError.refused(where, reason, '${refusal}').`;
        demandCode(line, ['refused'], cure);
        const { refusal: told } = line.error as SpeechError;
        demand(told === refusal, `a refusal of kind ${refusal}`, String(told), cure);
      },
    }),
  ),
  {
    name: 'a handshake that is never answered is a time-out',
    async run(bench) {
      bench.proxy.behave({ hang: true });
      const timeouts = { connect: bench.short, firstAudio: 2 * bench.short };
      const line = await bench.say(bench.open({ timeouts }), bench.texts.short, { patience: 6 });
      const http = bench.proxy.url.startsWith('http');
      demandCode(
        line,
        http ? ['connect-timeout', 'first-audio-timeout'] : ['connect-timeout'],
        'Count from the beginning of the handshake, and drop the socket when it takes longer than timeouts.connect.',
      );
    },
  },
  {
    name: 'nobody at the address is connect-failed',
    async run(bench) {
      const url = new URL(bench.proxy.url);
      url.host = NOBODY;
      const line = await bench.say(bench.openAt(url.href), bench.texts.short);
      demandCode(
        line,
        ['connect-failed'],
        'Tell that no connection could be made, with what the platform says as cause.',
      );
    },
  },
  {
    name: 'speaks again after failures',
    async run(bench) {
      const { short } = bench.texts;
      const { messages } = await bench.reference(short);
      const source = bench.open();
      for (const faults of [
        { refuse: { status: 503 } },
        { pass: Math.floor(messages / 2), next: 'cut' },
      ] as const) {
        bench.proxy.behave(faults);
        await bench.say(source, short);
        bench.proxy.behave({});
        await bench.demandWhole(
          await bench.say(source, short),
          short,
          'A line that failed must leave nothing behind that the next one stumbles over.',
        );
      }
    },
  },
];
