import type { ManifestLine } from '../../speech/manifest.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import type { BakedLines } from './baked-lines.ts';
import type { LineDeskOptions } from './desk-options.ts';
import { lineKey } from './line-key.ts';
import type { LineRequest } from './line-request.ts';
import { normalText } from './line-text.ts';
import type { GivenText } from './shared-handle.ts';

/** What a request comes to. */
export interface AskedLine {
  readonly key: string;
  /** As the source is asked. */
  readonly request: SpeechRequest;
  /** The track of the baked folder that fits. */
  readonly baked: ManifestLine | undefined;
  /** Set where another text than the given one is spoken. */
  readonly placed: GivenText | undefined;
}

/** Reads requests: the text as it is spoken, the desk's own choices where none was made, the key. */
export class RequestReader {
  readonly #options: LineDeskOptions;
  readonly #baked: BakedLines | undefined;

  constructor(options: LineDeskOptions, baked: BakedLines | undefined) {
    this.#options = options;
    this.#baked = baked;
  }

  read(given: LineRequest): AskedLine {
    const { voice, lang, speed } = this.#options.identity ?? {};
    const map = normalText(given.text);
    const request = {
      text: map.text,
      voice: given.voice ?? voice,
      lang: given.lang ?? lang,
      speed: given.speed ?? speed,
    };
    const baked = this.#bakedOf(given, request);
    return {
      key: this.#keyOf(given, request, baked),
      request,
      baked,
      placed: map.text === given.text ? undefined : { given: given.text, map },
    };
  }

  #bakedOf({ id, text }: LineRequest, request: SpeechRequest): ManifestLine | undefined {
    if (!this.#baked) return undefined;
    const byId = id === undefined ? undefined : this.#baked.listed(id);
    return byId ?? this.#baked.find({ ...request, text }) ?? this.#baked.find(request);
  }

  #keyOf({ tenant }: LineRequest, request: SpeechRequest, baked: ManifestLine | undefined): string {
    const { provider = this.#options.source.name, ...rest } = this.#options.identity ?? {};
    if (!baked) return lineKey({ ...rest, provider, ...request, tenant });
    // A track stands for itself, whoever asks for it and how.
    return lineKey({ provider: 'baked', model: baked.wavHash, text: baked.id, voice: baked.jsonHash });
  }
}
