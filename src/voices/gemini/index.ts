/** Google's Gemini Live API as a voice source, and as an agent that an NPC speaks for. */
export type { AgentReply } from '../agent-reply.ts';
export type { AgentEvents, AgentStatus, ToolCall } from '../conversation.ts';
export { GEMINI_URL } from './gemini-access.ts';
export { connectGeminiAgent, type GeminiAgent, type GeminiAgentOptions } from './gemini-agent.ts';
export { type GeminiOptions, geminiVoices } from './gemini-voices.ts';
