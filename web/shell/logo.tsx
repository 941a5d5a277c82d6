import { Group, Text } from '@mantine/core'
import { PlainLink } from '../ui/links.tsx'

export function LogoMark({ size = 26 }: { readonly size?: number }) {
  return <img src="/favicon.svg" width={size} height={size} alt="" />
}

export function Logo() {
  return (
    <PlainLink to="/" aria-label="Weir, go to the overview">
      <Group gap={8} wrap="nowrap">
        <LogoMark />
        <Text fw={700} size="md" visibleFrom="xs">
          Weir
        </Text>
      </Group>
    </PlainLink>
  )
}
