/** Parley for games: give Babylon.js characters a voice. */
export type { HeardClock } from './clock/output-clock.ts';
export { TapMeter, type TapResult } from './clock/tap-meter.ts';
export type { Ring } from './director/seat.ts';
export { faceMapOf, inspectFace } from './face/binding.ts';
export { type LocalDecoders, useLocalDecoders } from './face/decoders.ts';
export { FaceError, type FaceErrorCode } from './face/face-error.ts';
export { type FaceMap, readFaceMap } from './face/face-map.ts';
export { registerFaceLoader, unregisterFaceLoader } from './face/loader.ts';
export type { FaceReport, ShapeReport } from './face/report.ts';
export { type DraftOptions, draftTrackAsync } from './lipsync/timing/draft-track.ts';
export type { TimingRepair } from './lipsync/timing/mender.ts';
export { repairTrackAsync } from './lipsync/timing/repair-track.ts';
export type { Conversation, TurnSaid } from './npc/conversation.ts';
export type {
  ConversationOptions,
  ConversationResult,
  HoldOptions,
  IfCut,
  Turn,
} from './npc/conversation-options.ts';
export { CreateParleyAsync, type ParleyOptions } from './npc/create.ts';
export { Director, type RingChange } from './npc/director.ts';
export type { DirectorOptions } from './npc/director-options.ts';
export type { After } from './npc/following.ts';
export type { GazeTarget } from './npc/gaze-target.ts';
export type { Heard } from './npc/heard.ts';
export type { Line } from './npc/line.ts';
export type { Prepared, Sayable } from './npc/line-maker.ts';
export type { Addressee, LineResult, LineState, LineStats, StopOptions } from './npc/line-types.ts';
export { CreateMurmurAsync, type Murmur, type MurmurOptions } from './npc/murmur.ts';
export type { LiveSayOptions, NpcOptions, SayOptions, WhileSpeaking } from './npc/npc-options.ts';
export type { AudioState, Parley } from './npc/parley.ts';
export { type OfflineFrame, type RenderOfflineOptions, renderOfflineAsync } from './npc/render-offline.ts';
export type { WhenLocked } from './npc/sound-gate.ts';
export { TalkingNpc } from './npc/talking-npc.ts';
export type { EffortOptions } from './npc/voice-effort.ts';
export { decodeTrack, encodeTrack, type TrackFiles } from './pcm/track-file.ts';
export { Metronome, type SoundingPage } from './playback/metronome.ts';
export { type PhysicsOcclusionOptions, physicsOcclusion } from './playback/occlusion/physics-occlusion.ts';
export { type RayOcclusionOptions, rayOcclusion } from './playback/occlusion/ray-occlusion.ts';
export type { Occlusion } from './playback/occlusion.ts';
export { type ReverbZone, type RoomName, reverbZones } from './playback/reverb/reverb-zones.ts';
export type { ZoneSpace } from './playback/reverb/zone-space.ts';
export type { Reverb } from './playback/reverb.ts';
export type { SpaceOptions, TravelTime } from './playback/space-settings.ts';
export type { SpeechCone } from './playback/speech-cone.ts';
export { localTrims, type TrimStore } from './playback/trim-store.ts';
export type { FacePart } from './pose/channels.ts';
export {
  EMOTION_NAMES,
  type EmotionChoice,
  type EmotionManner,
  type EmotionName,
  type EmotionTables,
} from './pose/emotion.ts';
export type { EmotionWeights } from './pose/emotion-tables.ts';
export type { LifeOptions } from './pose/life.ts';
export type { Cue, WordMark } from './speech/cue.ts';
export type { Effort, EffortName } from './speech/effort.ts';
export {
  type BreakPoint,
  InputError,
  ParleyError,
  type RefusalKind,
  SpeechError,
  type SpeechErrorCode,
} from './speech/errors.ts';
export { type FaceShapes, SHAPE_COUNT } from './speech/face-shapes.ts';
export { type Lexicon, readLexicon } from './speech/lexicon.ts';
export type { ManifestLine, TrackManifest } from './speech/manifest.ts';
export { MarkTimes, type TimedMark } from './speech/mark-times.ts';
export { type MarkedVoicesOptions, markedVoices } from './speech/marked-voices.ts';
export type { EmphasisLevel, Mark } from './speech/marks.ts';
export { type MarkedText, type MarkupProblem, parseMarkup } from './speech/markup.ts';
export type { AudioPart, CuesPart, EndPart, ShapesPart, SpeechPart, WordsPart } from './speech/part.ts';
export type {
  SourceHome,
  SourceTiming,
  SourceTraits,
  SpeechRequest,
  SpokenReply,
  TimingOrigin,
  TimingUnit,
  VoiceSource,
} from './speech/source.ts';
export { collectTrack, type LineJson, type Track, type TrackRequest } from './speech/track.ts';
export { type TrackContent, trackOf } from './speech/track-of.ts';
export { VISEME_COUNT, VISEME_INDEX, VISEMES, type Viseme } from './speech/viseme.ts';
export type { AgentReply } from './voices/agent-reply.ts';
export type { AgentEvents, AgentStatus, ToolCall } from './voices/conversation.ts';
export {
  type GatewayLineInfo,
  type GatewayVoices,
  type GatewayVoicesOptions,
  gatewayVoices,
  type JoinedReply,
  type JoinOptions,
} from './voices/gateway/gateway-voices.ts';
export type { LineInvitation, ShareOptions } from './voices/gateway/shared-line.ts';
export {
  LIGHTNING_URL,
  type LightningOptions,
  lightningVoices,
} from './voices/lightning/lightning-voices.ts';
export {
  type AgentOptions,
  connectLokutorAgent,
  LOKUTOR_AGENT_URL,
  type LokutorAgent,
} from './voices/lokutor/lokutor-agent.ts';
export { LOKUTOR_URL, type LokutorOptions, lokutorVoices } from './voices/lokutor/lokutor-voices.ts';
export {
  type TimedReplies,
  type TimedRepliesOptions,
  timedReplies,
} from './voices/timed/timed-replies.ts';
export { type TimedVoicesOptions, timedVoices } from './voices/timed/timed-voices.ts';
export { type LoadTracksOptions, loadTracksAsync, type TrackLibrary } from './voices/tracks/track-library.ts';
export { type PackedTrack, packTrackAsync } from './voices/tracks/track-pack.ts';
export { type TrackVoicesOptions, trackVoices } from './voices/tracks/tracks.ts';
