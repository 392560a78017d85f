import validator from 'gltf-validator';

export interface Issues {
  errors: number;
  warnings: number;
  /** One line per kind of issue. */
  messages: string[];
}

/**
 * Runs Khronos' validator. `NODE_SKINNED_MESH_NON_ROOT` is not counted: all meshes hang under the one root
 * `Armature`, which has no transform.
 */
export async function validate(bytes: Uint8Array): Promise<Issues> {
  const report = await validator.validateBytes(bytes, {
    maxIssues: 0,
    ignoredIssues: ['NODE_SKINNED_MESH_NON_ROOT'],
  });
  const kinds = new Map<string, { message: string; count: number }>();
  for (const issue of report.issues.messages as {
    code: string;
    message: string;
    severity: number;
    pointer?: string;
  }[]) {
    if (issue.severity > 1) continue;
    const kind = kinds.get(issue.code) ?? { message: `${issue.message} (${issue.pointer ?? ''})`, count: 0 };
    kind.count++;
    kinds.set(issue.code, kind);
  }
  return {
    errors: report.issues.numErrors,
    warnings: report.issues.numWarnings,
    messages: [...kinds].map(([code, { message, count }]) => `${code} x${count}: ${message}`),
  };
}
