// The metric: how many millimetres of the surface lie behind a texel of the texture, and how askew they do.
import type { Mesh } from '../../../engine/authoring.ts';
import type { Canvas } from './paint.ts';

/**
 * Three numbers for each face, in millimetres, in the order uu, vu, vv; by them slopes become rises.
 *
 * With P(u, v) the place on the surface, which is linear on a face, and its derivatives P_u and P_v, the tangent frame of
 * a normal map is T = P_u / |P_u|, N, and B, the unit vector along the part of P_v that stands upright on T: in
 * MikkTSpace B = ±N × T, with the sign of P_v's side. For a height h along N, a map says how far the surface rises for
 * each unit of length along T and along B: s and t, the slopes that Normal decode gives. A step of one texel in u is
 * P_u · du on the surface, one in v is P_v · dv, so that
 *
 *     dh/du = s (P_u · T)             = s · uu              uu = |P_u| du
 *     dh/dv = s (P_v · T) + t (P_v · B) = s · vu + t · vv   vu = P_v · P_u / |P_u| dv,  vv = |P_u × P_v| / |P_u| dv
 *
 * v runs upwards. On mirrored islands the same holds for slopes along the texture's own axes, as Normal decode gives them
 * however the map was baked. Where a face has no area on the texture all three are 0; where P_u is no length at all, T is
 * any direction, and vu is 0 and vv is |P_v| dv. Source of the frame: Mikkelsen, "Simulation of Wrinkled Surfaces
 * Revisited" (2008), and mikktspace.h.
 */
export function metricOf(
  { positions, faces }: Pick<Mesh, 'positions' | 'faces'>,
  uv: Float32Array,
  { width, height }: Pick<Canvas, 'width' | 'height'>,
  millimetres: number,
): Float32Array {
  const [du, dv] = [millimetres / width, millimetres / height];
  const metric = new Float32Array(faces.length);
  const [a, b] = [new Float64Array(3), new Float64Array(3)];
  for (let face = 0, at = 0; at < faces.length; face++, at += 3) {
    const [p, q, r] = [faces[at]! * 3, faces[at + 1]! * 3, faces[at + 2]! * 3];
    const c = face * 6;
    const [u1, v1] = [uv[c + 2]! - uv[c]!, uv[c + 3]! - uv[c + 1]!];
    const [u2, v2] = [uv[c + 4]! - uv[c]!, uv[c + 5]! - uv[c + 1]!];
    const area = u1 * v2 - u2 * v1;
    for (let i = 0; i < 3; i++) {
      const [e1, e2] = [positions[q + i]! - positions[p + i]!, positions[r + i]! - positions[p + i]!];
      a[i] = (e1 * v2 - e2 * v1) / area;
      b[i] = (e2 * u1 - e1 * u2) / area;
    }
    const across = Math.hypot(a[0]!, a[1]!, a[2]!);
    const upright = Math.hypot(
      a[1]! * b[2]! - a[2]! * b[1]!,
      a[2]! * b[0]! - a[0]! * b[2]!,
      a[0]! * b[1]! - a[1]! * b[0]!,
    );
    const none = across === 0;
    metric[at] = across * du;
    metric[at + 1] = none ? 0 : ((a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!) / across) * dv;
    metric[at + 2] = (none ? Math.hypot(b[0]!, b[1]!, b[2]!) : upright / across) * dv;
    const isSound = Math.abs(metric[at]!) + Math.abs(metric[at + 1]!) + Math.abs(metric[at + 2]!) < Infinity;
    if (!isSound) metric.fill(0, at, at + 3);
  }
  return metric;
}

/** One of the three numbers, by its index, for each pixel; 0 where there is no face. `owners` are those of `paintFaces`. */
export function metricAt(owners: Uint32Array, metric: Float32Array, index: number): Float32Array {
  const samples = new Float32Array(owners.length);
  for (let i = 0; i < samples.length; i++) {
    const owner = owners[i]!;
    if (owner > 0) samples[i] = metric[(owner - 1) * 3 + index]!;
  }
  return samples;
}
