// Editors of the types of film and video: time code, key code and fraction.
import type { Json } from '../../../../engine/browser.ts';
import { Button } from '../../look/button.tsx';
import { Check } from '../../look/check.tsx';
import { NumberField } from '../../look/number-field.tsx';
import { TextField } from '../../look/text-field.tsx';
import { wordsOfName } from '../parameters/schema.ts';
import { isRecord, withKey } from '../parameters/value.ts';
import { asTime, rateText, timeOf, withDrop } from './film.ts';
import type { EditorProps } from './value.tsx';

const FLAGS = ['colorFrame', 'fieldPhase', 'bgf0', 'bgf1', 'bgf2'] as const;

/** The digits that a person types, drop frame, the flags and the user's own bits. */
export function TimeCodeEditor({ value, label, onChange }: EditorProps) {
  const code = timeOf(value);
  if (!code) {
    return (
      <div className="value-row">
        <span className="mono quiet">{JSON.stringify(value)}</span>
        <Button hint="Its bits are no time" onClick={() => onChange({ time: '00:00:00:00', flags: [], userData: 0 })}>
          Replace
        </Button>
      </div>
    );
  }
  const put = (next: Partial<typeof code>): void => onChange({ ...code, ...next });
  return (
    <div className="value-column">
      <div className="value-row">
        <TextField
          mono
          label={label}
          value={code.time}
          placeholder="hh:mm:ss:ff"
          onChange={(text) => put({ time: asTime(text) ?? text })}
        />
        <Check value={code.time.includes(';')} onChange={(drop) => put({ time: withDrop(code.time, { drop }) })}>
          drop frame
        </Check>
      </div>
      <div className="value-flags">
        {FLAGS.map((flag) => (
          <Check
            key={flag}
            value={code.flags.includes(flag)}
            onChange={(on) => put({ flags: FLAGS.filter((one) => (one === flag ? on : code.flags.includes(one))) })}
          >
            {flag}
          </Check>
        ))}
      </div>
      <div className="value-row">
        <span className="quiet value-tag">User bits</span>
        <TextField
          mono
          label={`${label}: user bits`}
          value={`0x${code.userData.toString(16).padStart(8, '0')}`}
          onChange={(text) => put({ userData: Number(text) })}
        />
      </div>
    </div>
  );
}

export function KeyCodeEditor({ value, label, onChange }: EditorProps) {
  const code = isRecord(value) ? value : {};
  return (
    <div className="value-fields">
      {Object.entries(code).map(([key, number]) => (
        <div key={key} className="value-row">
          <span className="quiet value-tag">{wordsOfName(key)}</span>
          <NumberField
            integer
            min={0}
            label={`${label}: ${wordsOfName(key)}`}
            value={Number(number)}
            onChange={(next, group) => onChange(withKey(code, key, next) as Json, group)}
          />
        </div>
      ))}
    </div>
  );
}

const RATES = ['24/1', '24000/1001', '25/1', '30/1', '30000/1001', '48/1', '50/1', '60/1'];

export function RationalEditor({ value, label, onChange }: EditorProps) {
  const text = String(value);
  const list = `rates-${label.replace(/\W+/g, '-')}`;
  return (
    <div className="value-row">
      <TextField mono label={label} value={text} list={list} onChange={onChange} />
      <datalist id={list}>
        {RATES.map((rate) => (
          <option key={rate} value={rate} />
        ))}
      </datalist>
      <span className="quiet mono value-size">{rateText(text)}</span>
    </div>
  );
}
