// A slider with its number beside it.
import { useRef } from 'react';
import './slider.css';
import { gesture } from './gesture.ts';
import { clampTo, quantized, stepFor } from './number.ts';
import { NumberField } from './number-field.tsx';

export interface SliderProps {
  readonly value: number;
  /** `group` is the same for all calls of one drag: give it to `store.edit`. */
  readonly onChange: (value: number, group: string) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly integer?: boolean;
  readonly unit?: string;
  readonly id?: string;
  readonly label?: string;
  readonly disabled?: boolean;
  /** Takes what is typed behind `=` into the number and stands for none. */
  readonly onExpression?: (text: string) => void;
  /** Where a double click goes. */
  readonly neutral?: number;
  /** `bare` has no number beside it. */
  readonly bare?: boolean;
}

export function Slider({ bare, neutral, ...props }: SliderProps) {
  const { value, onChange, min, max, step, integer, id, label, disabled } = props;
  const group = useRef('');
  const part = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
  const fine = { shiftKey: false, ctrlKey: true, altKey: false };
  const range = { min, max, ...(step === undefined ? {} : { step }), ...(integer ? { integer } : {}) };
  const size = step ?? stepFor(value, range, fine);
  return (
    <div className="slider">
      <input
        type="range"
        className="slider-range"
        id={bare ? id : undefined}
        aria-label={label ?? 'value'}
        min={min}
        max={max}
        step="any"
        value={Math.min(max, Math.max(min, value))}
        disabled={disabled}
        style={{ '--part': `${part * 100}%` }}
        onPointerDown={() => {
          group.current = gesture();
        }}
        onKeyDown={({ repeat }) => {
          if (!repeat) group.current = gesture();
        }}
        onDoubleClick={() => neutral !== undefined && onChange(neutral, gesture())}
        onChange={({ target }) => onChange(clampTo(quantized(target.valueAsNumber, size), range), group.current)}
      />
      {!bare && (
        <div className="slider-number">
          <NumberField {...props} />
        </div>
      )}
    </div>
  );
}
