import { ledgerPipelines } from './pipelines-files.ts'
import type { SeedRepository } from './seed-repository.ts'

const source = 'src/main/java/example/meadow/ledger'

const accounts = `package example.meadow.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

public final class AccountRepository {
    private final Connection connection;

    public AccountRepository(Connection connection) {
        this.connection = connection;
    }

    public long balanceOf(String account) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet rows = statement.executeQuery("select sum(amount) from bookings where account = '" + account + "'");
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
`

const xmlImport = `package example.meadow.ledger;

import java.io.InputStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;

public final class XmlImport {
    public Document read(InputStream input) throws Exception {
        DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        return builder.parse(input);
    }
}
`

const tokenService = `package example.meadow.ledger;

import java.util.Random;

public final class TokenService {
    private final Random random = new Random();

    public String next() {
        return Long.toHexString(random.nextLong());
    }
}
`

const fileStore = `package example.meadow.ledger;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;

public final class FileStore {
    private final File folder;

    public FileStore(File folder) {
        this.folder = folder;
    }

    public byte[] read(String name) throws IOException {
        return Files.readAllBytes(new File(folder, name).toPath());
    }
}
`

const pom = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example.meadow</groupId>
  <artifactId>ledger-core</artifactId>
  <version>3.2.0</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-core</artifactId>
      <version>2.14.1</version>
    </dependency>
  </dependencies>
</project>
`

const balance = `            ResultSet rows = statement.executeQuery("select sum(amount) from bookings where account = '" + account + "'");`
const balanceInPullRequest = `            ResultSet rows = statement.executeQuery("select sum(amount) from bookings where booked and account = '" + account + "'");`

export const ledgerCore: SeedRepository = {
  slug: 'ledger-core',
  name: 'ledger-core',
  projectKey: 'FIN',
  language: 'java',
  description: 'Double-entry bookkeeping.',
  hasIssues: true,
  isPrivate: true,
  commits: [
    {
      branch: 'main',
      author: 'mara',
      daysAgo: 400,
      message: 'Start the ledger',
      files: { 'README.md': '# ledger-core\n', 'pom.xml': pom, [`${source}/AccountRepository.java`]: accounts },
    },
    {
      branch: 'main',
      author: 'mara',
      daysAgo: 320,
      message: 'Issue tokens for exports',
      files: { [`${source}/TokenService.java`]: tokenService, 'bitbucket-pipelines.yml': ledgerPipelines },
      tag: '3.0.0',
    },
    {
      branch: 'feature/bank-import',
      author: 'yuki',
      daysAgo: 180,
      message: 'Import bank statements',
      files: { [`${source}/XmlImport.java`]: xmlImport },
    },
    {
      branch: 'main',
      author: 'mara',
      daysAgo: 176,
      message: 'Merged in feature/bank-import (pull request #1)\n\nBank statements',
      merge: 'feature/bank-import',
      tag: '3.1.0',
    },
    {
      branch: 'feature/receipts',
      author: 'tomas',
      daysAgo: 100,
      message: 'Keep receipts as files',
      files: { [`${source}/FileStore.java`]: fileStore },
    },
    {
      branch: 'main',
      author: 'yuki',
      daysAgo: 96,
      message: 'Merged in feature/receipts (pull request #2)\n\nReceipts',
      merge: 'feature/receipts',
      tag: '3.2.0',
    },
    {
      branch: 'bugfix/booked-only',
      author: 'tomas',
      daysAgo: 11,
      message: 'Count only what is booked',
      edits: { [`${source}/AccountRepository.java`]: [[balance, balanceInPullRequest]] },
    },
    {
      branch: 'chore/log4j',
      author: 'yuki',
      daysAgo: 7,
      message: 'Upgrade log4j',
      edits: { 'pom.xml': [['<version>2.14.1</version>', '<version>2.24.3</version>']] },
    },
  ],
  pullRequests: [
    {
      title: 'Bank statements',
      description: 'camt.053 files.',
      source: 'feature/bank-import',
      author: 'yuki',
      reviewers: ['mara'],
      approvedBy: ['mara'],
      state: 'MERGED',
      openedDaysAgo: 179,
      closedDaysAgo: 176,
      closedBy: 'mara',
    },
    {
      title: 'Receipts',
      description: '',
      source: 'feature/receipts',
      author: 'tomas',
      reviewers: ['yuki'],
      approvedBy: ['yuki'],
      state: 'MERGED',
      openedDaysAgo: 100,
      closedDaysAgo: 96,
      closedBy: 'yuki',
    },
    {
      title: 'Count only what is booked',
      description: 'Reservations were counted too.',
      source: 'bugfix/booked-only',
      author: 'tomas',
      reviewers: ['mara'],
      state: 'OPEN',
      openedDaysAgo: 10,
    },
    {
      title: 'Upgrade log4j',
      description: '',
      source: 'chore/log4j',
      author: 'yuki',
      reviewers: ['tomas'],
      approvedBy: ['tomas'],
      state: 'OPEN',
      openedDaysAgo: 7,
    },
  ],
  places: [
    {
      rule: 'sql-injection',
      title: 'Balance query is concatenated',
      cwe: 89,
      severity: 'critical',
      path: `${source}/AccountRepository.java`,
      needle: balance.trim(),
      pullRequest: { source: 'bugfix/booked-only', needle: balanceInPullRequest.trim() },
    },
    {
      rule: 'xxe',
      title: 'Bank statements may name external entities',
      cwe: 611,
      severity: 'high',
      path: `${source}/XmlImport.java`,
      needle: 'DocumentBuilderFactory.newInstance()',
    },
    {
      rule: 'weak-random',
      title: 'Export tokens can be guessed',
      cwe: 330,
      severity: 'medium',
      path: `${source}/TokenService.java`,
      needle: 'new Random()',
    },
    {
      rule: 'path-traversal',
      title: 'Receipt name may leave the folder',
      cwe: 22,
      severity: 'high',
      path: `${source}/FileStore.java`,
      needle: 'new File(folder, name)',
    },
    {
      rule: 'vulnerable-dependency',
      title: 'log4j-core 2.14.1 has known vulnerabilities',
      cwe: 1395,
      severity: 'critical',
      path: 'pom.xml',
      needle: '<version>2.14.1</version>',
    },
  ],
}
