import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** The river: Weir's own colour. Shade 7 on white and white on shade 6 are both above 4.5:1. */
const river: MantineColorsTuple = [
  '#e7f5f7',
  '#cfe9ee',
  '#a1d3de',
  '#73bccb',
  '#4fa9bb',
  '#3491a6',
  '#1d788d',
  '#126377',
  '#0c4f61',
  '#083d4c',
]
/** Cool greys; 6 is the lightest that carries text on white. */
const gray: MantineColorsTuple = [
  '#f6f8fa',
  '#eef2f5',
  '#e2e8ed',
  '#cfd8df',
  '#a9b5bf',
  '#7d8a96',
  '#566472',
  '#414e5a',
  '#2b3640',
  '#17202a',
]
/** Ink for the dark scheme: 7 is the page, 6 raised surfaces, 4 borders, 2 dimmed text, 0 text. */
const dark: MantineColorsTuple = [
  '#dfe7ed',
  '#bac6d0',
  '#9aa9b6',
  '#73838f',
  '#33414d',
  '#25313c',
  '#1a252f',
  '#121b24',
  '#0c141b',
  '#070c11',
]

const font = 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif'

const dialog = { closeButtonProps: { 'aria-label': 'Close' }, attributes: { header: { role: 'presentation' } } }

export const theme = createTheme({
  colors: { river, gray, dark },
  primaryColor: 'river',
  primaryShade: { light: 7, dark: 6 },
  black: '#17202a',
  fontFamily: font,
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: {
    fontFamily: font,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.45' },
    },
  },
  fontSizes: { xs: '0.75rem', sm: '0.84375rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { label: { fontWeight: 550 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    // Its <header> would count as a second banner of the page.
    Modal: { defaultProps: { ...dialog, centered: true } },
    Drawer: { defaultProps: dialog },
    TextInput: { defaultProps: { size: 'sm' } },
    Text: { defaultProps: { size: 'sm' } },
    Anchor: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } } },
    // The placeholder it focuses first is not allowed inside role=menu.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    // What floats above the page lies inside a landmark of its own (index.html).
    Portal: { defaultProps: { target: '#overlays' } },
    Paper: { defaultProps: { withBorder: true } },
    Alert: { defaultProps: { variant: 'default' } },
  },
})
