/** What services round away, seconds. */
const ROUNDING = 0.001;

/**
 * From where the times of a line count, seconds of its socket's sound. `first` is the first of them, `spokenSeconds` the
 * sound that earlier lines of the socket gave: no document says whether times begin anew with each line, so one that lies
 * beyond that is taken to go on from there.
 */
export function originOf(first: number, spokenSeconds: number): number {
  return spokenSeconds > 0 && first >= spokenSeconds - ROUNDING ? spokenSeconds : 0;
}
