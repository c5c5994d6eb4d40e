// SPDX-License-Identifier: Apache-2.0
// Bytes as the beginning of a bundle, as a manifest, and as the pages between daemon and helper: read within
// bounds, or refused; and what was read is the same after a round trip.
#include "gateway/update/bundle.hpp"
#include "gateway/update/hand_over.hpp"
#include "gateway/update/journal.hpp"
#include "gateway/update/keys.hpp"
#include "gateway/update/version.hpp"
#include "tests/fuzz/expect.hpp"

namespace busbar::update {
namespace {

using fuzz::expect;

void check_head(std::string_view text) {
    for (const std::uint64_t more : {0U, 1U, 1000U}) {
        const auto head = read_head(text, text.size() + more);
        if (!head) continue;
        expect(head->manifest.size() <= largest_manifest, "a manifest is within its bound");
        expect(head->signature.size() == signature_size, "a signature has its length");
        expect(head->package_at <= largest_head, "the package begins within the head");
        expect(head->package_at + head->package_size <= text.size() + more, "the package ends with the file");
    }
}

void check_manifest(std::string_view text) {
    const auto manifest = read_manifest(text);
    if (!manifest) {
        expect(manifest.error().code == "bad_manifest", "a refusal has its code");
        return;
    }
    expect(manifest->size > 0 && manifest->size <= largest_package, "a size is in bounds");
    expect(manifest->sha256.size() == 64, "a hash has its length");
    expect(manifest->package.find('/') == std::string::npos, "a name is no path", manifest->package);
    expect(compare_versions(manifest->version, manifest->version) == 0, "a version is itself",
           manifest->version);
    const bool same =
        static_cast<bool>(judge(*manifest, {manifest->package, manifest->version, manifest->architecture}));
    expect(!same, "nothing is installed twice", manifest->version);
}

void check_versions(std::string_view text) {
    const auto end = text.find('\n');
    const auto a = text.substr(0, end);
    const auto b = end == std::string_view::npos ? a : text.substr(end + 1);
    if (!is_version(a) || !is_version(b)) return;
    const int there = compare_versions(a, b);
    const int back = compare_versions(b, a);
    expect((there < 0) == (back > 0) && (there == 0) == (back == 0), "an order is one both ways", a);
}

void check_pages(std::string_view text) {
    if (const auto id = read_request(text)) expect(is_id(*id), "an id is one", *id);
    if (const auto word = read_health_word(text))
        expect(read_health_word(to_text(*word)).has_value(), "a word survives the round trip");
    if (const auto journal = read_journal(text))
        expect(read_journal(to_text(*journal)) == journal, "a journal survives the round trip");
    (void)read_public_key("fuzz", text);
}

}  // namespace
}  // namespace busbar::update

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto text = busbar::fuzz::text_of(data, size);
    busbar::update::check_head(text);
    busbar::update::check_manifest(text);
    busbar::update::check_versions(text);
    busbar::update::check_pages(text);
    return 0;
}
