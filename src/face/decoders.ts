import { DracoDecoder } from '@babylonjs/core/Meshes/Compression/dracoDecoder.js';
import { MeshoptCompression } from '@babylonjs/core/Meshes/Compression/meshoptCompression.js';
import { KhronosTextureContainer2 } from '@babylonjs/core/Misc/khronosTextureContainer2.js';

/** Where the page finds the decoders that compressed glTFs need. What is left out stays as Babylon has it. */
export interface LocalDecoders {
  /** Address of `meshopt_decoder.cjs` of npm's `meshoptimizer`, served as a script. */
  readonly meshopt?: string;
  /** Addresses of `draco_decoder_gltf_nodejs.js` and `draco_decoder_gltf.wasm` of npm's `draco3dgltf`. */
  readonly draco?: { readonly script: string; readonly wasm: string };
  /**
   * Addresses of `babylon.ktx2Decoder.js` of npm's `babylonjs-ktx2decoder`, and of a folder with what stands in `wasm` of
   * npm's `@babylonjs/ktx2decoder`.
   */
  readonly ktx2?: { readonly script: string; readonly transcoders: string };
}

/** Names of Babylon's KTX2 transcoders, by the field of the configuration that wants them. */
const KTX2_FILES = {
  wasmUASTCToASTC: 'uastc_astc.wasm',
  wasmUASTCToBC7: 'uastc_bc7.wasm',
  wasmUASTCToRGBA_UNORM: 'uastc_rgba8_unorm_v2.wasm',
  wasmUASTCToRGBA_SRGB: 'uastc_rgba8_srgb_v2.wasm',
  wasmUASTCToR8_UNORM: 'uastc_r8_unorm.wasm',
  wasmUASTCToRG8_UNORM: 'uastc_rg8_unorm.wasm',
  jsMSCTranscoder: 'msc_basis_transcoder.js',
  wasmMSCTranscoder: 'msc_basis_transcoder.wasm',
  wasmZSTDDecoder: 'zstddec.wasm',
} as const;

/**
 * Tells Babylon to take decoders from the game's own server instead of its CDN. Call it before the first compressed file
 * is loaded: a decoder that is loaded stays. Gives what puts the configuration back as it was.
 */
export function useLocalDecoders({ meshopt, draco, ktx2 }: LocalDecoders): () => void {
  const before = {
    meshopt: MeshoptCompression.Configuration,
    draco: DracoDecoder.DefaultConfiguration,
    ktx2: KhronosTextureContainer2.URLConfig,
  };
  if (meshopt !== undefined) MeshoptCompression.Configuration = { decoder: { url: meshopt } };
  if (draco) {
    const { fallbackUrl: _, ...rest } = before.draco;
    DracoDecoder.DefaultConfiguration = { ...rest, wasmUrl: draco.script, wasmBinaryUrl: draco.wasm };
  }
  if (ktx2) {
    const folder = ktx2.transcoders.replace(/\/?$/, '/');
    const urls = Object.entries(KTX2_FILES).map(([field, file]) => [field, folder + file]);
    KhronosTextureContainer2.URLConfig = { ...Object.fromEntries(urls), jsDecoderModule: ktx2.script };
  }
  return () => {
    MeshoptCompression.Configuration = before.meshopt;
    DracoDecoder.DefaultConfiguration = before.draco;
    KhronosTextureContainer2.URLConfig = before.ktx2;
  };
}
