// Roles of channels: the table row by row, what goes before it, and what real files get.
import { describe, expect, it } from 'vitest';
import { ExrFile, ROLES, type Role, rolesOf } from '../../engine/authoring.ts';
import { corpusFile, corpusFolder, describeCorpus } from '../exr/corpus.ts';
import { header, level, levelOf, views } from '../nodes/cryptomatte-header.ts';
import { channel, part } from '../nodes/spec-builder.ts';

const roles = (channels: string[], attributes = header('unheard')): Record<string, Role> =>
  Object.fromEntries(rolesOf(part({ channels, attributes })));

describe('by name', () => {
  it.each<[Role, string[]]>([
    ['colour', ['R', 'G', 'B', 'diffuse.R', 'left.spec.G', 'Y', 'RY', 'BY', 'spec.red', 'r']],
    ['alpha', ['A', 'diffuse.A', 'AR', 'diffuse.alpha', 'N.A']],
    ['depth', ['Z', 'ZBack', 'depth', 'depth.Z', 'depth.R', 'zdepth', 'Depth.V', 'light.Z']],
    ['normal', ['N.X', 'N.Y', 'N.Z', 'normals.B', 'worldNormal.X', 'cameraNormal.R', 'N', 'N.left.R']],
    [
      'vector',
      [
        'P.X',
        'Pworld.Z',
        'motion.X',
        'uv.R',
        'velocity.Y',
        'position.Z',
        'forward.u',
        'disparityL.y',
        'disparityR.x',
        'disparity_left.Y',
        'left.disparity.y',
      ],
    ],
    ['id', ['id', 'objectId', 'object_id.R', 'materialIndex', 'cryptoAsset00.R', 'cryptoAsset00.A']],
    ['mask', ['mask', 'mask.A', 'rgbMatte.R', 'mattes2.G', 'puzzle_matte.B']],
    ['other', ['curvature', 'pscale', 'V', 'facing_ratio.R', 'temperature']],
  ])('%s', (role, names) => {
    expect(roles(names)).toEqual(Object.fromEntries(names.map((name) => [name, role])));
    expect(ROLES).toContain(role);
  });
});

describe('by the names of renderers', () => {
  it.each<[string, Record<string, Role>]>([
    ['Arnold', { 'N.X': 'normal', 'P.Y': 'vector', volume_Z: 'depth', 'motionvector.R': 'vector', 'Pref.Z': 'vector' }],
    ['Blender', { 'ViewLayer.Combined.R': 'colour', 'ViewLayer.Depth.Z': 'depth', 'ViewLayer.IndexOB.X': 'id' }],
    ['Cycles', { 'ViewLayer.Denoising Normal.Y': 'normal', 'ViewLayer.Denoising Albedo.R': 'colour' }],
    ['Cycles, more', { 'ViewLayer.Denoising Depth.Z': 'depth', 'ViewLayer.Vector.W': 'vector', 'L.UV.U': 'vector' }],
    ['Mantra', { Pz: 'depth', hitPz: 'depth', 'Nn.R': 'normal', primid: 'id' }],
    ['RenderMan', { '__Nworld.R': 'normal', '__Pworld.G': 'vector', '__depth.R': 'depth', 'dPdtime.X': 'vector' }],
    ['RenderMan, more', { '__st.R': 'vector', '__motion.R': 'vector', 'Peye.Z': 'vector', id2: 'id' }],
    ['V-Ray', { 'VRayMtlID.R': 'id', VRayObjectID: 'id', 'VRayNormals.X': 'normal', 'VRayZDepth.R': 'depth' }],
    ['V-Ray, more', { 'VRayVelocity.R': 'vector', 'MultiMatteElement.G': 'mask', 'VRayLighting.R': 'colour' }],
    ['3ds Max', { 'Object ID.R': 'id', 'Material ID.R': 'id' }],
    [
      'light',
      { 'rs_key.R': 'colour', '_.R': 'colour', 'vray.G': 'colour', 'denoising.B': 'colour', 'index card.R': 'colour' },
    ],
  ])('%s', (_, expected) => {
    for (const [name, role] of Object.entries(expected)) expect([name, roles([name])[name]]).toEqual([name, role]);
  });
});

describe('by what stands beside it', () => {
  it('X and Y of a layer are axes, with their Z; a Y alone is luminance', () => {
    const names = ['flowmap.X', 'flowmap.Y', 'wind.x', 'wind.y', 'wind.z', 'warp.u', 'warp.v'];
    expect(roles(names)).toEqual(Object.fromEntries(names.map((name) => [name, 'vector'])));
    expect(roles(['AO.Y', 'X', 'Y', 'Z'])).toEqual({ 'AO.Y': 'colour', X: 'vector', Y: 'vector', Z: 'vector' });
    expect(roles(['R', 'G', 'B', 'X', 'Y', 'Z'])).toMatchObject({ X: 'other', Y: 'colour', Z: 'depth' });
    expect(roles(['chroma.Y', 'chroma.U', 'chroma.V'])).toMatchObject({ 'chroma.Y': 'colour', 'chroma.U': 'other' });
  });

  it.each<[string, string | undefined, string[], Role[]]>([
    ['normals', undefined, ['A', 'B', 'G', 'R'], ['alpha', 'normal', 'normal', 'normal']],
    ['depth', undefined, ['R'], ['depth']],
    ['shot.P', undefined, ['X', 'Y'], ['vector', 'vector']],
    ['N.left', 'left', ['R'], ['normal']],
    ['id_left', 'left', ['R'], ['id']],
    ['left', 'left', ['R'], ['colour']],
    ['beauty', undefined, ['R', 'Z', 'N.R'], ['normal', 'colour', 'depth']],
  ])('the name of a part is the layer of channels without one: %s', (name, view, channels, expected) => {
    const made = part({ name, ...(view === undefined ? {} : { view }), channels });
    expect([...rolesOf(made).values()]).toEqual(expected);
  });
});

it('whole numbers are ids whatever they are called, and what a node has set goes before everything', () => {
  expect(roles(['Z:uint', 'R:uint'])).toEqual({ Z: 'id', R: 'id' });
  const set = [channel('Z', { role: 'mask' }), channel('id:uint', { role: 'other' })];
  expect(Object.fromEntries(rolesOf(part({ channels: set })))).toEqual({ Z: 'mask', id: 'other' });
});

it('a Cryptomatte that the header tells of has ids, coverages and a picture, under any name', () => {
  const own = [...level('things', 0), 'things.R'];
  const expected = {
    'things.R': 'colour',
    'things00.R': 'id',
    'things00.G': 'mask',
    'things00.B': 'id',
    'things00.A': 'mask',
  };
  expect(roles(own, header('things'))).toEqual(expected);
  const later = part({ channels: own });
  expect(Object.fromEntries(rolesOf(later, header('things')))).toEqual(expected);
});

it('a Cryptomatte whose levels are parts is one too', () => {
  const parts = ['things', 'things00', 'things01.left'].map((name) =>
    part({ name, ...(name.endsWith('left') ? { view: 'left' } : {}), channels: ['R', 'G', 'B', 'A'] }),
  );
  expect(parts.map((one) => [...rolesOf(one, header('things')).values()])).toEqual([
    ['colour', 'colour', 'colour', 'colour'],
    ['mask', 'id', 'mask', 'id'],
    ['mask', 'id', 'mask', 'id'],
  ]);
});

it('views that are channels of one part have the roles that their channels have alone', () => {
  const both = views('main', 'other');
  const names = [
    ...levelOf('main', 'things', 0),
    ...levelOf('other', 'things', 0),
    'things.other.R',
    'R',
    'other.Z',
    'N.other.X',
    'N.other.Y',
    'N.other.Z',
  ];
  expect(roles(names, [...header('things'), both])).toEqual({
    ...Object.fromEntries(['main', 'other'].map((view) => [`things00.${view}.R`, 'id'])),
    ...Object.fromEntries(['main', 'other'].map((view) => [`things00.${view}.G`, 'mask'])),
    ...Object.fromEntries(['main', 'other'].map((view) => [`things00.${view}.B`, 'id'])),
    ...Object.fromEntries(['main', 'other'].map((view) => [`things00.${view}.A`, 'mask'])),
    ...{ 'things.other.R': 'colour', R: 'colour', 'other.Z': 'depth' },
    ...{ 'N.other.X': 'normal', 'N.other.Y': 'normal', 'N.other.Z': 'normal' },
  });
  const called = part({ name: 'things00', channels: ['R', 'G', 'other.R', 'other.G'], attributes: [both] });
  expect(Object.fromEntries(rolesOf(called, header('things')))).toEqual({
    ...{ R: 'id', G: 'mask', 'other.R': 'id', 'other.G': 'mask' },
  });
});

describeCorpus('the corpus', () => {
  it('has channels of every role', () => {
    const counts: Partial<Record<Role, number>> = {};
    for (const folder of ['openexr-images', 'methods', 'cryptomatte']) {
      for (const path of corpusFolder(folder).filter((name) => name.endsWith('.exr'))) {
        const file = ExrFile.open(corpusFile(path));
        const { parts } = file.header;
        for (const one of parts)
          for (const role of rolesOf(one, parts[0]!.attributes).values()) counts[role] = (counts[role] ?? 0) + 1;
        file.close();
      }
    }
    expect(counts).toEqual({ colour: 267, alpha: 58, depth: 50, normal: 3, vector: 56, id: 24, mask: 38, other: 1 });
  });
});
