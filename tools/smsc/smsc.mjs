// A short message centre on npm smpp for tests. It prints one JSON object a
// line: first {"port"}, then what it sees. It ends when its input closes.
//
// Numbers that end in 0058 are throttled once, in 000 refused; every other
// message with registered_delivery gets a receipt.
import readline from 'node:readline';
import smpp from 'smpp';

const password = process.argv[2];
const tell = (what) => process.stdout.write(JSON.stringify(what) + '\n');
const throttled = new Set();
let count = 0;

const server = smpp.createServer((session) => {
  session.on('error', (error) => tell({ event: 'error', text: String(error) }));
  session.on('bind_transceiver', (pdu) => {
    const ok = pdu.password === password;
    tell({ event: 'bind', id: pdu.system_id, ok });
    session.send(pdu.response(ok ? { system_id: 'smsc' } : { command_status: smpp.ESME_RINVPASWD }));
  });
  session.on('enquire_link', (pdu) => {
    tell({ event: 'enquire_link' });
    session.send(pdu.response());
  });
  session.on('unbind', (pdu) => {
    tell({ event: 'unbind' });
    session.send(pdu.response());
    session.close();
  });
  session.on('deliver_sm_resp', (pdu) => tell({ event: 'confirmed', status: pdu.command_status }));
  session.on('submit_sm', (pdu) => submit(session, pdu));
});

function submit(session, pdu) {
  const to = pdu.destination_addr;
  const seen = {
    event: 'submit', to, from: pdu.source_addr, coding: pdu.data_coding, class: pdu.esm_class,
    text: pdu.short_message.message, validity: pdu.validity_period || undefined,
    udh: pdu.short_message.udh ? Buffer.from(pdu.short_message.udh[0]).toString('hex') : '',
    sar: pdu.sar_total_segments ? [pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum] : undefined,
  };
  if (to.endsWith('0058') && !throttled.has(to)) {
    throttled.add(to);
    tell({ event: 'throttled', to });
    session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
    return;
  }
  if (to.endsWith('000')) {
    session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
    return;
  }
  const id = 'smsc-' + ++count;
  tell({ ...seen, id });
  session.send(pdu.response({ message_id: id }));
  if (pdu.registered_delivery) {
    session.deliver_sm({
      source_addr_ton: 1, source_addr_npi: 1, source_addr: to, destination_addr: pdu.source_addr, esm_class: 4,
      receipted_message_id: id, message_state: 2,
      short_message: `id:${id} sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:`,
    });
  }
}

server.listen(0, '127.0.0.1', () => tell({ port: server.address().port }));
// "drop" breaks every connection without a word.
readline.createInterface({ input: process.stdin })
  .on('line', (line) => { if (line === 'drop') server.sessions.forEach((session) => session.destroy()); })
  .on('close', () => process.exit(0));
