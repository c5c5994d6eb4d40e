// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/bundle.hpp"

#include "gateway/update/key_lines.hpp"

namespace busbar::update {
namespace {

constexpr std::string_view magic = "!<arch>\n";
constexpr std::size_t header_size = 60;  // ar(5): name 16, date 12, uid 6, gid 6, mode 8, size 10, "`\n"
constexpr std::size_t name_size = 16;
constexpr std::size_t size_at = 48;
constexpr std::size_t size_size = 10;

Refusal bad(std::string_view why) {
    return {"bad_bundle", "This is no bundle of Busbar: " + std::string(why) + "."};
}

std::string_view without_blanks(std::string_view text) {
    const auto last = text.find_last_not_of(' ');
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// Walks over the members, which begin at even places.
class Members {
  public:
    explicit Members(std::string_view bytes) : bytes_(bytes), at_(magic.size()) {}

    /// The size of the member of that name, if it is the next one.
    Judged<std::uint64_t> header(std::string_view name) {
        if (at_ > bytes_.size() || bytes_.size() - at_ < header_size) return bad("it ends too early");
        const auto header = bytes_.substr(at_, header_size);
        const auto found = without_blanks(header.substr(0, name_size));
        if (found != name && found != std::string(name) + '/') {
            return bad("where " + std::string(name) + " should be is something else");
        }
        const auto size = number_of(without_blanks(header.substr(size_at, size_size)));
        if (!size || header.substr(size_at + size_size) != "`\n") return bad("a member's header is damaged");
        at_ += header_size;
        return *size;
    }

    /// A member that is to be in memory.
    Judged<std::string> small(std::string_view name, std::uint64_t most) {
        const auto size = header(name);
        if (!size) return size.error();
        if (*size > most) return bad(std::string(name) + " is too large");
        if (bytes_.size() - at_ < *size) return bad("it ends too early");
        auto content = std::string(bytes_.substr(at_, *size));
        at_ += *size + *size % 2;
        return content;
    }

    [[nodiscard]] std::uint64_t at() const { return at_; }

  private:
    std::string_view bytes_;
    std::uint64_t at_;
};

}  // namespace

Judged<BundleHead> read_head(std::string_view start, std::uint64_t file_size) {
    if (!start.starts_with(magic)) return bad("it is no ar archive");
    Members members(start.substr(0, largest_head));
    auto manifest = members.small("manifest", largest_manifest);
    if (!manifest) return manifest.error();
    auto signature = members.small("manifest.sig", signature_size);
    if (!signature) return signature.error();
    if (signature->size() != signature_size) return bad("its signature has a wrong length");
    const auto size = members.header("package.deb");
    if (!size) return size.error();
    if (*size > largest_package) return bad("its package is too large");
    const auto end = members.at() + *size;
    if (file_size != end && file_size != end + *size % 2) {
        return bad(file_size < end ? "it ends too early" : "something follows its package");
    }
    return BundleHead{*std::move(manifest), *std::move(signature), members.at(), *size};
}

}  // namespace busbar::update
