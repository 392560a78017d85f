/** Recordings: sound files with or without text and mouth shapes. */
export { type FileVoicesOptions, fileVoices, spokenFile } from './file-voices.ts';
export {
  type LoadRecordingOptions,
  loadRecordingAsync,
  type Recording,
  type SoundFile,
} from './recording.ts';
