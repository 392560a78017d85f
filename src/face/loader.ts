import type { GLTFLoader } from '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import type { IGLTFLoaderExtension } from '@babylonjs/loaders/glTF/2.0/glTFLoaderExtension.js';
import {
  registerGLTFExtension,
  unregisterGLTFExtension,
} from '@babylonjs/loaders/glTF/2.0/glTFLoaderExtensionRegistry.js';
import { type FaceNotes, noteNode } from './face-notes.ts';

const NAME = 'PARLEY_face';

/** Extensions that say what a face can do. */
const TELLING = ['VRM', 'VRMC_vrm'];

/** How often it was registered. */
let registrations = 0;

/**
 * Lets Babylon's glTF loader keep what files say about their faces: the expressions of a VRM, and names of targets
 * where UniVRM writes them. For characters that are loaded from then on; Parley itself does it when it is created.
 * Each call is undone by one of {@link unregisterFaceLoader}.
 */
export function registerFaceLoader(): void {
  registrations++;
  if (registrations === 1) registerGLTFExtension(NAME, false, (loader) => new FaceNotesExtension(loader));
}

/** Undoes {@link registerFaceLoader}. Characters that are loaded keep what they have. */
export function unregisterFaceLoader(): void {
  if (registrations === 0) return;
  registrations--;
  if (registrations === 0) unregisterGLTFExtension(NAME);
}

/** Leaves notes on every node of a file that has something to say. */
class FaceNotesExtension implements IGLTFLoaderExtension {
  readonly name = NAME;
  enabled = true;
  readonly #loader: GLTFLoader;
  #notes: FaceNotes | undefined;

  constructor(loader: GLTFLoader) {
    this.#loader = loader;
  }

  dispose(): void {
    this.#notes = undefined;
  }

  onLoading(): void {
    this.#notes = notesOf(this.#loader.gltf);
  }

  loadNodeAsync(
    ...[context, node, assign]: Parameters<NonNullable<IGLTFLoaderExtension['loadNodeAsync']>>
  ): ReturnType<NonNullable<IGLTFLoaderExtension['loadNodeAsync']>> {
    const file = this.#notes;
    if (!file) return null;
    return this.#loader.loadNodeAsync(context, node, (babylonNode) => {
      noteNode(babylonNode, { file, node: node.index, mesh: node.mesh });
      assign(babylonNode);
    });
  }
}

function notesOf(gltf: GLTFLoader['gltf']): FaceNotes | undefined {
  const extensions: Record<string, unknown> = gltf.extensions ?? {};
  const targetNames = (gltf.meshes ?? []).map((mesh) =>
    mesh.extras?.targetNames
      ? undefined
      : mesh.primitives.map(({ extras }) => extras?.targetNames).find(isNames),
  );
  if (!TELLING.some((name) => name in extensions) && targetNames.every((names) => !names)) return undefined;
  return {
    extensions: Object.fromEntries(TELLING.map((name) => [name, extensions[name]])),
    extensionsUsed: gltf.extensionsUsed ?? [],
    targetNames,
  };
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');
