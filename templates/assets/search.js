// Material's search parts a query at hyphens before its own setting for words is looked at, so that
// k-NN would find whatever begins with k. Names of one letter and a word are joined instead; the
// index holds them joined as well (roadmap_site.render.page.search_text).

const QUERY = 2; // the type of a query among the messages to Material's search worker
const send = Worker.prototype.postMessage;

Worker.prototype.postMessage = function (message, ...rest) {
  if (message?.type === QUERY && typeof message.data === "string") {
    message = { ...message, data: message.data.replace(/(?<![\p{L}\d-])(\p{L})-(?=\p{L})/gu, "$1") };
  }
  return send.call(this, message, ...rest);
};
