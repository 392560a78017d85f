import '@babylonjs/core/Bones/index';
import '@babylonjs/core/Animations/index';
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera';
import { Engine } from '@babylonjs/core/Engines/engine';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator';
import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent';
import { ImportMeshAsync } from '@babylonjs/core/Loading/sceneLoader';
import { ImageProcessingConfiguration } from '@babylonjs/core/Materials/imageProcessingConfiguration';
import { HDRCubeTexture } from '@babylonjs/core/Materials/Textures/hdrCubeTexture';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color';
import { Vector3 } from '@babylonjs/core/Maths/math.vector';
import type { MorphTarget } from '@babylonjs/core/Morph/morphTarget';
import { Scene } from '@babylonjs/core/scene';
import '@babylonjs/loaders/glTF/2.0';
import { lightShots, type Shot, sheetShots } from './shots.ts';
import { studioHdr } from './studio.ts';

/** Renders one character's contact sheet and returns it as a data URL. */
async function render(
  name: string,
  only?: Shot[],
  width = name.endsWith('-light') ? 1000 : 1600,
): Promise<string> {
  const canvas = document.createElement('canvas');
  const engine = new Engine(canvas, true, { preserveDrawingBuffer: true, antialias: true });
  const scene = new Scene(engine);
  scene.useRightHandedSystem = true;
  scene.clearColor = new Color4(0.42, 0.46, 0.5, 1);
  const processing = scene.imageProcessingConfiguration;
  processing.toneMappingEnabled = true;
  processing.toneMappingType = ImageProcessingConfiguration.TONEMAPPING_KHR_PBR_NEUTRAL;
  processing.exposure = 1.0;

  await new Promise<void>((resolve, reject) => {
    const url = URL.createObjectURL(studioHdr());
    const studio = new HDRCubeTexture(
      url,
      scene,
      128,
      false,
      true,
      false,
      true,
      resolve,
      (message) => reject(new Error(message)),
      false,
      true,
    );
    scene.environmentTexture = studio;
    scene.environmentIntensity = 0.85;
  });
  const key = new DirectionalLight('key', new Vector3(0.55, -0.62, -0.85), scene);
  key.intensity = 1.6;
  key.diffuse = new Color3(1, 0.95, 0.88);
  const rim = new DirectionalLight('rim', new Vector3(0.7, -0.35, 0.9), scene);
  rim.intensity = 0.25;
  rim.diffuse = new Color3(0.85, 0.92, 1);

  const { meshes, skeletons, animationGroups } = await ImportMeshAsync(`/characters/${name}.glb`, scene);
  for (const group of animationGroups) group.stop();
  const shadows = new ShadowGenerator(2048, key);
  shadows.usePercentageCloserFiltering = true;
  shadows.bias = 0.002;
  shadows.normalBias = 0.004;
  shadows.transparencyShadow = false;
  for (const mesh of meshes) {
    mesh.alwaysSelectAsActiveMesh = true;
    if (!/Cornea|Eyelashes|Eyebrows|primitive1|MouthCavity|__root__/.test(mesh.name))
      shadows.addShadowCaster(mesh, false);
    mesh.receiveShadows = !/Cornea|Eye/.test(mesh.name);
  }
  key.autoUpdateExtends = true;

  const targets = new Map<string, MorphTarget[]>();
  for (const mesh of meshes)
    for (let i = 0; i < (mesh.morphTargetManager?.numTargets ?? 0); i++) {
      const target = mesh.morphTargetManager!.getTarget(i);
      targets.set(target.name, [...(targets.get(target.name) ?? []), target]);
    }
  const bone = (boneName: string): Vector3 =>
    skeletons[0]!.bones
      .find((b) => b.name === boneName)!
      .getTransformNode()!
      .getAbsolutePosition();
  const eyes = bone('LeftEye').add(bone('RightEye')).scale(0.5);
  const camera = new ArcRotateCamera('camera', 0, 0, 1, Vector3.Zero(), scene);
  camera.minZ = 0.02;

  const shots = only ?? (name.endsWith('-light') ? lightShots : sheetShots);
  const unit = width / Math.max(...shots.map((s) => s.x + s.w));
  const LABEL = 22;
  const sheet = document.createElement('canvas');
  sheet.width = width;
  sheet.height = Math.round(Math.max(...shots.map((s) => s.y + s.h)) * unit);
  const pen = sheet.getContext('2d')!;
  pen.fillStyle = '#14161a';
  pen.fillRect(0, 0, sheet.width, sheet.height);
  for (const shot of shots) {
    const [w, h] = [Math.round(shot.w * unit) - 4, Math.round(shot.h * unit) - 4];
    const fine = name.endsWith('-light') ? 1.2 : 1.6;
    engine.setSize(Math.round(w * fine), Math.round((h - LABEL) * fine));
    for (const list of targets.values()) for (const target of list) target.influence = 0;
    for (const [targetName, weight] of Object.entries(shot.weights)) {
      if (!targets.has(targetName)) throw new Error(`No morph target ${targetName}`);
      for (const target of targets.get(targetName)!) target.influence = weight;
    }
    if (shot.idleAt !== undefined) {
      const idle = animationGroups.find((g) => g.name === 'Idle')!;
      idle.start(true);
      idle.goToFrame(idle.from + (shot.idleAt / 8) * (idle.to - idle.from));
      idle.pause();
    } else for (const group of animationGroups) group.stop();
    camera.fov = shot.fov;
    camera.target =
      shot.view === 'body' ? new Vector3(0, eyes.y * 0.53, 0) : new Vector3(0, eyes.y + shot.dy, 0.06);
    camera.alpha = Math.PI / 2 - shot.turn;
    camera.beta = Math.PI / 2 - shot.tilt;
    camera.radius = shot.distance;
    await scene.whenReadyAsync();
    scene.render();
    scene.render();
    const [x, y] = [Math.round(shot.x * unit) + 2, Math.round(shot.y * unit) + 2];
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(canvas, x, y, w, h - LABEL);
    pen.fillStyle = '#d8dce2';
    pen.font = '14px sans-serif';
    pen.fillText(shot.label, x + 6, y + h - 7);
  }
  const url = sheet.toDataURL('image/png');
  engine.dispose();
  return url;
}

Object.assign(window, { render });
