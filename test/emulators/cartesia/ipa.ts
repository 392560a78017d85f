/** ARPAbet as Cartesia writes sounds, by the examples of its documents; written from the IPA's own chart. */
const IPA: Readonly<Record<string, string>> = {
  aa: 'ɑ',
  ae: 'æ',
  ah: 'ʌ',
  ao: 'ɔ',
  aw: 'aʊ',
  ax: 'ə',
  axr: 'ɚ',
  ay: 'aɪ',
  eh: 'ɛ',
  er: 'ɝ',
  ey: 'eɪ',
  ih: 'ɪ',
  ix: 'ɪ',
  iy: 'i',
  ow: 'oʊ',
  oy: 'ɔɪ',
  uh: 'ʊ',
  uw: 'u',
  ch: 'tʃ',
  dh: 'ð',
  dx: 'ɾ',
  el: 'əl',
  em: 'əm',
  en: 'ən',
  g: 'ɡ',
  hh: 'h',
  hv: 'h',
  jh: 'dʒ',
  ng: 'ŋ',
  nx: 'n',
  r: 'ɹ',
  sh: 'ʃ',
  th: 'θ',
  y: 'j',
  zh: 'ʒ',
};

/** The IPA of a sound; nothing for silence, which the service does not name. */
export function ipaOf(id: string): string | undefined {
  return id === 'pau' ? undefined : (IPA[id] ?? id);
}
