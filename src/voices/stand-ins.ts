/** The voice that a request is spoken in: what stands for the one that was asked for, or that itself. */
export function standInFor(
  standIns: Readonly<Record<string, string>>,
  voice: string | undefined,
): string | undefined {
  return voice !== undefined && Object.hasOwn(standIns, voice) ? standIns[voice] : voice;
}

/**
 * The ten voices by which clients of a gateway ask, F1 to F5 and M1 to M5, with those of a service that stand for them:
 * women for F, men for M, used again where they are fewer.
 */
export function standIns(women: readonly string[], men: readonly string[]): Readonly<Record<string, string>> {
  const five = (letter: string, names: readonly string[]) =>
    [1, 2, 3, 4, 5].map((nth) => [`${letter}${nth}`, names[(nth - 1) % names.length]!] as const);
  return Object.fromEntries([...five('F', women), ...five('M', men)]);
}
