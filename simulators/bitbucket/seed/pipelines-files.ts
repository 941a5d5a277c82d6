interface Build {
  image: string
  cache: string
  test: string[]
  /** What puts it where it runs. */
  deploy: string
  /** Production waits for somebody. */
  manual?: boolean
}

function deployStep(place: string, { deploy, manual }: Build): string {
  const waits = place === 'Production' && manual === true
  return `      - step:
          name: Deploy to ${place.toLowerCase()}
          deployment: ${place}
${waits ? '          trigger: manual\n' : ''}          script:
            - ${deploy} ${place.toLowerCase()}
            - echo "Deployed $BITBUCKET_COMMIT to ${place.toLowerCase()}"
`
}

function definition(build: Build): string {
  return `image: ${build.image}

definitions:
  steps:
    - step: &test
        name: Build and test
        caches: [${build.cache}]
        script:
${build.test.map((line) => `          - ${line}\n`).join('')}
pipelines:
  default:
    - step: *test
  branches:
    main:
      - step: *test
${['Test', 'Staging', 'Production'].map((place) => deployStep(place, build)).join('')}
  custom:
    hotfix:
      - step: *test
${deployStep('Production', { ...build, manual: false })}
    security-scan:
      - step:
          name: Scan dependencies
          script:
            - echo "Scanning $BITBUCKET_REPO_SLUG"
`
}

export const storefrontPipelines = definition({
  image: 'node:24',
  cache: 'node',
  test: ['npm ci', 'npm test'],
  deploy: './scripts/release.sh',
})
export const invoicePipelines = definition({
  image: 'python:3.13',
  cache: 'pip',
  test: ['pip install -r requirements.txt', 'pytest --junitxml=test-results/junit.xml'],
  deploy: 'fab deploy',
})
export const ledgerPipelines = definition({
  image: 'maven:3.9-eclipse-temurin-21',
  cache: 'maven',
  test: ['mvn --batch-mode verify'],
  deploy: './deploy.sh',
})
export const infraPipelines = definition({
  image: 'hashicorp/terraform:1.9',
  cache: 'docker',
  test: ['terraform fmt -check', 'terraform validate'],
  deploy: './scripts/deploy.sh',
  manual: true,
})
