import { Field } from '../speech/field.ts';
import { readPlacedJson } from './json-place.ts';
import { labelsOf, readBeats } from './read-beats.ts';
import { demandFields, optional, present, recordOf, shotOf, textOf, variableOf } from './read-values.ts';
import type { CastMember, Script } from './script.ts';

/**
 * Reads a script from the text of a JSON file, which may have comments, or from the value of one. `file` is what messages
 * call it. Throws `InputError` that says where (with the line, where a text was given), what was expected and what came.
 */
export function readScript(source: unknown, file = 'The script'): Script {
  const json = typeof source === 'string' ? readPlacedJson(source, file) : undefined;
  const root = json ? new Field(json.value, file, '', json.lineOf) : new Field(source, file);
  demandFields(root, ['version', 'name', 'cast', 'shots', 'variables', 'beats']);
  root.get('version').oneOf([1]);
  const beats = root.get('beats');
  return {
    version: 1,
    name: optional(root.get('name'), textOf) ?? file,
    cast: recordOf(root.get('cast'), readMember),
    shots: recordOf(root.get('shots'), shotOf),
    variables: recordOf(root.get('variables'), variableOf),
    beats: readBeats(beats, { labels: labelsOf(beats), top: true, ids: new Set() }),
  };
}

function readMember(member: Field): CastMember {
  demandFields(member, ['voice', 'lang']);
  return present<CastMember>({
    voice: optional(member.get('voice'), textOf),
    lang: optional(member.get('lang'), textOf),
  });
}
