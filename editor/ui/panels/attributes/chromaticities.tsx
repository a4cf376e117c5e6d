// The editor of chromaticities: eight numbers, well-known colour spaces, and where they lie in the xy diagram.
import type { Json } from '../../../../engine/browser.ts';
import { Select } from '../../look/select.tsx';
import { isRecord, withKey } from '../parameters/value.ts';
import { locusPoints, PRIMARIES, pairsOf, placeOf, pointsOf, SPACES, spaceOf } from './chromaticity.ts';
import { VectorEditor } from './numbers.tsx';
import type { EditorProps } from './value.tsx';

const SIZE = 96;

export function ChromaticitiesEditor({ value, label, onChange }: EditorProps) {
  const pairs = pairsOf(value);
  const space = pairs && spaceOf(pairs);
  const own = isRecord(value) ? value : {};
  return (
    <div className="value-chromaticities">
      <div className="value-column">
        <Select
          label={`${label}: colour space`}
          value={space ?? 'custom'}
          options={[
            ...(space === undefined ? [{ value: 'custom', title: 'Custom' }] : []),
            ...Object.keys(SPACES).map((name) => ({ value: name, title: name })),
          ]}
          onChange={(name) => SPACES[name] && onChange(SPACES[name] as unknown as Json)}
        />
        {PRIMARIES.map((name) => (
          <div key={name} className="value-row">
            <span className="quiet value-tag">{name}</span>
            <VectorEditor
              integer={false}
              value={own[name] ?? [0, 0]}
              label={`${label} ${name}`}
              onChange={(pair, group) => onChange(withKey(own, name, pair) as Json, group)}
            />
          </div>
        ))}
      </div>
      {pairs && (
        <svg className="value-plot" width={SIZE} height={SIZE} role="img" aria-label={`${label} in the xy diagram`}>
          <polygon className="value-locus" points={locusPoints(SIZE)} />
          <polygon className="value-gamut" points={pointsOf([pairs.red, pairs.green, pairs.blue], SIZE)} />
          {PRIMARIES.map((name) => {
            const { x, y } = placeOf(pairs[name], SIZE);
            return (
              <g key={name}>
                <circle className="value-point" cx={x} cy={y} r={name === 'white' ? 2 : 1.5} />
                <title>{name}</title>
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}
