/** OpenAI's Realtime API as a voice source, and as an agent that an NPC speaks for. */
export type { AgentReply } from '../agent-reply.ts';
export type { AgentEvents, AgentStatus, ToolCall } from '../conversation.ts';
export { OPENAI_URL } from './openai-access.ts';
export { connectOpenAiAgent, type OpenAiAgent, type OpenAiAgentOptions } from './openai-agent.ts';
export { type OpenAiOptions, openAiVoices } from './openai-voices.ts';
