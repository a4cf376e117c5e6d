// Files that configs of tests name: tables, lists of operations and colour corrections.
import { random } from '../base/random.ts';

const dice = random(11);
const number = (): string => (dice.int(-50, 1100) / 1000).toFixed(4);
const triples = (count: number): string =>
  Array.from({ length: count }, () => `${number()} ${number()} ${number()}`).join('\n');

/** A row that rises, by a power. */
export const rising = (count: number, power: number): string[] =>
  Array.from({ length: count }, (_, i) => ((i / (count - 1)) ** power).toFixed(7));

export const spi1d = (values: readonly string[], from = 0, to = 1): string =>
  ['Version 1', `From ${from} ${to}`, `Length ${values.length}`, 'Components 1', '{', ...values, '}', ''].join('\n');

export const spi3d = (size: number): string => {
  const found = ['SPILUT 1.0', '3 3', `${size} ${size} ${size}`];
  for (let r = 0; r < size; r++)
    for (let g = 0; g < size; g++)
      for (let b = 0; b < size; b++) found.push(`${r} ${g} ${b} ${number()} ${number()} ${number()}`);
  return `${found.join('\n')}\n`;
};

export const cube = (size: number): string => `LUT_3D_SIZE ${size}\n${triples(size ** 3)}\n`;

export const csp = [
  ...['CSPLUTV100', '3D', ''],
  ...['3', '-0.1 0.4 1.2', '0 0.6 1', '2', '0 1', '0 1', '4', '0 0.2 0.7 1', '0 0.3 0.6 1'],
  ...['4 4 4', triples(64), ''],
].join('\n');

export const csp1d = [
  ...['CSPLUTV100', '1D', ''],
  ...['2', '-0.25 1.25', '0 1', '2', '0 1', '0 1', '2', '0 2', '0 1'],
  '17',
  ...rising(17, 1.8).map((x) => `${x} ${x} ${x}`),
  '',
].join('\n');

const correction = (id: string, slope: string, offset: string, power: string, saturation: number): string =>
  `<ColorCorrection id="${id}"><SOPNode><Slope>${slope}</Slope><Offset>${offset}</Offset><Power>${power}</Power></SOPNode><SatNode><Saturation>${saturation}</Saturation></SatNode></ColorCorrection>`;

export const shots = [
  correction('sh010', '1.1 1 0.9', '0.02 0 -0.01', '1.1 1 0.95', 0.8),
  correction('sh020', '0.8 0.9 1.3', '0 0.05 0', '1 1.2 1', 1.3),
];
export const ccc = `<?xml version="1.0"?>\n<ColorCorrectionCollection xmlns="urn:ASC:CDL:v1.01">${shots.join('\n')}</ColorCorrectionCollection>\n`;
export const cdl = `<?xml version="1.0"?>\n<ColorDecisionList xmlns="urn:ASC:CDL:v1.01">${shots.map((shot) => `<ColorDecision>${shot}</ColorDecision>`).join('')}</ColorDecisionList>\n`;

const list = (...elements: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ProcessList compCLFversion="3" id="test" xmlns="urn:AMPAS:CLF:v3.0">\n<Description>By a test</Description>\n${elements.join('\n')}\n</ProcessList>\n`;

const whole = 'inBitDepth="32f" outBitDepth="32f"';
export const mixed = list(
  `<Matrix inBitDepth="10i" outBitDepth="32f"><Array dim="3 4">0.0009 0.0001 0 0.01\n0.0001 0.0008 0.0001 0\n0 0.0002 0.0007 -0.02</Array></Matrix>`,
  `<Range ${whole}><minInValue>-0.05</minInValue><maxInValue>1.5</maxInValue><minOutValue>0</minOutValue><maxOutValue>1.2</maxOutValue></Range>`,
  `<ASC_CDL ${whole} id="x" style="FwdNoClamp"><SOPNode><Slope>1.2 0.9 1</Slope><Offset>0.02 0 0</Offset><Power>1.1 1 0.9</Power></SOPNode><SatNode><Saturation>0.9</Saturation></SatNode></ASC_CDL>`,
  `<Exponent ${whole} style="monCurveRev"><ExponentParams exponent="2.4" offset="0.055"/></Exponent>`,
);
export const logs = list(
  `<Log ${whole} style="cameraLinToLog"><LogParams base="10" logSideSlope="0.25" logSideOffset="0.4" linSideSlope="5.5" linSideOffset="0.05" linSideBreak="0.01"/></Log>`,
  `<LUT1D ${whole}><Array dim="9 3">${rising(9, 1.3)
    .map((x) => `${x} ${Number(x) ** 1.2} ${1.1 * Number(x)}`)
    .join('\n')}</Array></LUT1D>`,
  `<LUT3D inBitDepth="32f" outBitDepth="12i" interpolation="tetrahedral"><Array dim="3 3 3 3">${Array.from({ length: 27 }, () => `${dice.int(0, 4095)} ${dice.int(0, 4095)} ${dice.int(0, 4095)}`).join('\n')}</Array></LUT3D>`,
);
export const gammas = list(
  `<Exponent ${whole} style="basicMirrorFwd"><ExponentParams exponent="1.5" channel="R"/><ExponentParams exponent="1.2" channel="G"/><ExponentParams exponent="0.8" channel="B"/></Exponent>`,
  `<Log ${whole} style="linToLog"><LogParams base="2" logSideSlope="0.1" logSideOffset="0.5" linSideSlope="2" linSideOffset="0.1"/></Log>`,
  `<Exponent ${whole} style="basicPassThruRev"><ExponentParams exponent="1.6"/></Exponent>`,
);
export const halves = list(
  `<LUT1D inBitDepth="16f" outBitDepth="16f" halfDomain="true"><Array dim="65536 1">${Array.from(
    { length: 65536 },
    (_, bits) => {
      const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
      const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (Math.min(exponent, 30) - 25);
      return (Math.sign(0.5 - (bits >> 15)) * Math.log1p(size * 4)).toPrecision(8);
    },
  ).join('\n')}</Array></LUT1D>`,
);
export const film = `<?xml version="1.0"?>\n<ProcessList version="1.3" id="film"><Log ${whole} style="logToLin"><LogParams gamma="0.6" refWhite="685" refBlack="95" highlight="1" shadow="0"/></Log><Gamma inBitDepth="32f" outBitDepth="10i" style="moncurveFwd"><GammaParams gamma="2.2" offset="0.1"/></Gamma><InverseLUT1D inBitDepth="10i" outBitDepth="32f"><Array dim="5 1">0 100 300 700 1023</Array></InverseLUT1D></ProcessList>\n`;
