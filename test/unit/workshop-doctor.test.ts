import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { packageVersion } from '../../src/package-root.ts';
import type { Trouble } from '../../src/trouble.ts';
import { bandwidth, reached } from '../../src/workshop/kit/board-reached.ts';
import { closedInIptables, closedInNft } from '../../src/workshop/kit/firewall.ts';
import { helloOf } from '../../src/workshop/seat/joining.ts';
import { serving } from '../kit-of-test.ts';

const ends: (() => void)[] = [];
after(() => {
  for (const end of ends) end();
});

async function answering(text: string | Buffer, status = 200): Promise<string> {
  const { address, end } = await serving((_, response) => {
    response.writeHead(status);
    response.end(text);
  });
  ends.push(end);
  return address;
}

const HELLO = {
  ...{
    pglab: '0.2.0',
    protocol: 1,
    workshop: 'docker-3f2a',
    lab: 'postgres-in-docker',
    board: 'ab',
    epoch: 1,
  },
  time: new Date(Date.now() + 3_600_000).toISOString(),
};

describe('what a seat sees of a board', () => {
  it('is its workshop, and how far its clock is off', async () => {
    const seen = await reached(await answering(JSON.stringify(HELLO)));
    assert.ok(seen.answers);
    assert.equal(seen.workshop, 'docker-3f2a');
    assert.ok(Math.abs(seen.clockMs - 3_600_000) < 5_000, `${seen.clockMs}`);
  });

  for (const [what, text, status] of [
    ['a captive portal', '<html>Log in', 200],
    ['a redirect', '', 302],
    ['a hello of somebody else', '{"hello":"world"}', 200],
    ['a hello that would move the cursor', JSON.stringify({ ...HELLO, workshop: '\u001b[2J' }), 200],
    ['much too much', Buffer.alloc(1e6, 'x'), 200],
  ] as const)
    it(`tells ${what} from a board`, async () => {
      const seen = await reached(await answering(text, status));
      assert.deepEqual({ ...seen, why: '' }, { answers: false, why: '', isOther: true });
    });

  it('is a board of another protocol, and nobody joins it: both versions are told', async () => {
    const address = await answering(JSON.stringify({ ...HELLO, pglab: '0.1.7' }));
    await assert.rejects(helloOf(address), ({ code, values }: Trouble) => {
      assert.deepEqual([code, values.board, values.own], ['workshop-protocol', '0.1.7', packageVersion()]);
      return true;
    });
  });

  it('says that nobody answers', async () => {
    const seen = await reached('127.0.0.1:9');
    assert.ok(!seen.answers && !seen.isOther && /ECONNREFUSED/.test(seen.why));
  });

  it('is as fast as what came; not known where nothing is handed out', async () => {
    assert.ok(((await bandwidth(await answering(Buffer.alloc(4e6)))) ?? 0) > 1);
    assert.equal(await bandwidth(await answering('', 404)), null);
  });
});

describe('a firewall', () => {
  const NFT = (policy: string, rule: string) =>
    `table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy ${policy};\n\t\t${rule}\n\t}\n\tchain forward {\n\t\ttype filter hook forward priority filter; policy drop;\n\t}\n}\n`;

  it('is read from nft: by its policy, or by its last word', () => {
    assert.equal(closedInNft(NFT('drop', 'tcp dport 22 accept')), true);
    assert.equal(closedInNft(NFT('accept', 'reject with icmpx admin-prohibited')), true);
    assert.equal(closedInNft(NFT('accept', 'ip saddr 10.0.0.1 drop')), false);
    assert.equal(closedInNft(NFT('accept', '')), false);
    assert.equal(closedInNft(''), false);
  });

  it('is read from iptables: by the first rule that holds for all at the port, or by the policy', () => {
    const at = (policy: string, ...rules: string[]) =>
      closedInIptables([`-P INPUT ${policy}`, ...rules.map((rule) => `-A INPUT ${rule}`)].join('\n'), 8750);
    assert.equal(at('DROP'), true);
    assert.equal(at('ACCEPT'), false);
    assert.equal(at('ACCEPT', '-j REJECT --reject-with icmp-host-prohibited'), true);
    assert.equal(at('ACCEPT', '-s 10.0.0.1/32 -j DROP'), false);
    assert.equal(at('ACCEPT', '-p tcp -m tcp --dport 8750 -j DROP'), true);
    assert.equal(at('ACCEPT', '-p tcp -m tcp --dport 87501 -j DROP'), false);
    assert.equal(at('DROP', '-i lo -j ACCEPT', '-p tcp -m tcp --dport 8750 -j ACCEPT', '-j DROP'), false);
    assert.equal(at('DROP', '-j LOG', '-p tcp -m tcp --dport 22 -j ACCEPT'), true);
  });
});
