import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './theme/global.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { toProblem } from './api/api-problem.ts'
import { makeRouter } from './routes.tsx'
import { theme } from './theme/theme.ts'
import { Announcer } from './ui/announcer.tsx'

/** A refusal stays a refusal: only a server that was gone or failing is asked again. */
function shouldRetry(failures: number, error: Error): boolean {
  const { status } = toProblem(error)
  return failures < 2 && (status === 0 || status >= 502)
}

const client = new QueryClient({
  defaultOptions: { queries: { retry: shouldRetry, staleTime: 5000, refetchOnWindowFocus: true } },
})
const router = makeRouter(client)
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

createRoot(root).render(
  <QueryClientProvider client={client}>
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={localStorageColorSchemeManager()}>
      <Announcer>
        <Notifications position="bottom-right" limit={3} autoClose={5000} />
        <RouterProvider router={router} />
      </Announcer>
    </MantineProvider>
  </QueryClientProvider>,
)
