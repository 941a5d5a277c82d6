import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { Icon, type IconName } from '../ui/icon.tsx'

const schemes = [
  { value: 'light', title: 'Light', icon: 'sun' },
  { value: 'dark', title: 'Dark', icon: 'moon' },
  { value: 'auto', title: 'As the system', icon: 'screen' },
] as const satisfies { value: string; title: string; icon: IconName }[]

export function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const current = schemes.find((scheme) => scheme.value === colorScheme) ?? schemes[2]
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon size={34} aria-label={`Appearance: ${current.title}`} c="inherit">
          <Icon name={current.icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme.value}
            leftSection={<Icon name={scheme.icon} size={16} />}
            rightSection={scheme.value === colorScheme ? <Icon name="check" size={15} /> : undefined}
            onClick={() => setColorScheme(scheme.value)}
          >
            {scheme.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
