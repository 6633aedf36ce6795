import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A mail server that keeps what it gets. */
export interface SmtpServer {
  readonly port: number;
  /** Messages as they came, headers first. */
  readonly messages: string[];
  /** Given instead of accepting the next recipients, in turn. */
  readonly answers: string[];
  /** 'user password' that logged in. */
  readonly logins: string[];
  stop(): Promise<void>;
}

/** Speaks as much of RFC 5321 as a client needs to deliver a message, with AUTH PLAIN, on an open line. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const messages: string[] = [];
  const answers: string[] = [];
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('220 test ESMTP\r\n');
    let rest = '';
    let body: string[] | null = null;
    const hear = (line: string): void => {
      if (body !== null) {
        if (line !== '.') return void body.push(line.replace(/^\.\./, '.'));
        messages.push(body.join('\n'));
        body = null;
        return void socket.write('250 2.0.0 kept\r\n');
      }
      const word = line.slice(0, 4).toUpperCase();
      if (word === 'EHLO') socket.write('250-test\r\n250 AUTH PLAIN\r\n');
      else if (word === 'STAR') socket.write('502 5.5.1 not here\r\n');
      else if (word === 'AUTH') {
        logins.push(
          Buffer.from(line.split(' ')[2] ?? '', 'base64')
            .toString()
            .split('\0')
            .slice(1)
            .join(' '),
        );
        socket.write('235 2.7.0 welcome\r\n');
      } else if (word === 'RCPT') socket.write(`${answers.shift() ?? '250 2.1.5 ok'}\r\n`);
      else if (word === 'DATA') {
        body = [];
        socket.write('354 go on\r\n');
      } else if (word === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    };
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) hear(line);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    messages,
    answers,
    logins,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
