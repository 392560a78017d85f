/** What a Dockerfile says, as far as it can be done without Docker. */
export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** The instructions of each stage, the first of which is its `FROM`. */
export function stagesOf(dockerfile: string): Instruction[][] {
  const stages: Instruction[][] = [];
  for (const line of dockerfile.split('\n')) {
    const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (word === 'FROM') stages.push([]);
    if (word !== '') stages.at(-1)?.push({ word, rest });
  }
  return stages;
}

/** The rest of all instructions with this word. */
export function restsOf(stage: readonly Instruction[], word: string): string[] {
  return stage.filter((each) => each.word === word).map(({ rest }) => rest);
}
