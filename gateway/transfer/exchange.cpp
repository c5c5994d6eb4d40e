// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/exchange.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "gateway/tls.hpp"
#include "gateway/transfer/curl_library.hpp"
#include "gateway/transfer/part_file.hpp"
#include "gateway/update/files.hpp"

namespace busbar::gateway {
namespace {

constexpr seconds connect_limit{30};
constexpr seconds answer_limit{60};
/// A little less than the time OCPP's side gives an attempt (ocpp::Attempts::longest_attempt).
constexpr seconds whole_limit{3500};
/// Slower than this for so long is as good as dead, even over GSM.
constexpr long slowest_bytes_a_second = 100;
constexpr seconds slowest_for{60};

constexpr long http_ok = 200;
constexpr long http_partial = 206;
constexpr long http_redirect = 300;
constexpr long http_error = 400;
constexpr long http_unauthorized = 401;
constexpr long http_forbidden = 403;
constexpr long http_method_not_allowed = 405;
constexpr long http_range_not_satisfiable = 416;
constexpr long http_not_implemented = 501;

struct EasyFree {
    void operator()(CURL* easy) const { curl().easy_cleanup(easy); }
};
struct ListFree {
    void operator()(curl_slist* list) const { curl().slist_free_all(list); }
};
using EasyPtr = std::unique_ptr<CURL, EasyFree>;
using ListPtr = std::unique_ptr<curl_slist, ListFree>;

void add(ListPtr& list, const std::string& text) {
    list.reset(curl().slist_append(list.release(), text.c_str()));
}

long in_seconds(seconds time) {
    return static_cast<long>(time.count());
}

/// "bytes 1000-1999/2000" -> 1000
std::optional<std::uint64_t> range_start(std::string_view text) {
    constexpr std::string_view unit = "bytes ";
    if (text.substr(0, unit.size()) != unit) return std::nullopt;
    std::uint64_t start = 0;
    const char* from = text.data() + unit.size();
    const auto read = std::from_chars(from, text.data() + text.size(), start);
    const bool good = read.ec == std::errc() && read.ptr != from;
    return good ? std::optional(start) : std::nullopt;
}

struct Trouble {
    CURLcode code;
    Errc errc;
    const char* words;
};
constexpr std::array troubles{
    Trouble{CURLE_COULDNT_CONNECT, Errc::unreachable, "does not take the connection"},
    Trouble{CURLE_OPERATION_TIMEDOUT, Errc::timeout, "is too slow or says nothing"},
    Trouble{CURLE_PARTIAL_FILE, Errc::garbled, "cut the file short"},
    Trouble{CURLE_PEER_FAILED_VERIFICATION, Errc::refused,
            "has a certificate or host key that is not trusted"},
    Trouble{CURLE_SSL_CONNECT_ERROR, Errc::refused, "could not agree on TLS 1.2 or newer"},
    Trouble{CURLE_LOGIN_DENIED, Errc::invalid, "does not accept user and password of the location"},
    Trouble{CURLE_REMOTE_ACCESS_DENIED, Errc::refused, "denies access to the folder or file"},
    Trouble{CURLE_REMOTE_FILE_NOT_FOUND, Errc::refused, "has no such file or folder"},
    Trouble{CURLE_FTP_COULDNT_RETR_FILE, Errc::refused, "does not give the file"},
    Trouble{CURLE_UPLOAD_FAILED, Errc::refused, "does not take the file"},
    Trouble{CURLE_REMOTE_DISK_FULL, Errc::refused, "has no room for the file"},
    Trouble{CURLE_GOT_NOTHING, Errc::garbled, "closed the connection without an answer"},
    Trouble{CURLE_RECV_ERROR, Errc::unreachable, "broke the connection"},
    Trouble{CURLE_SEND_ERROR, Errc::unreachable, "broke the connection"},
};

/// Of these answers the next attempt would hear the same.
Errc code_of(long status) {
    if (status == http_unauthorized || status == http_forbidden) return Errc::invalid;
    const bool other = status == http_method_not_allowed || status == http_not_implemented;
    return other ? Errc::unsupported : Errc::refused;
}

bool is_of_network(CURLcode code) {
    return code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR ||
           code == CURLE_SEND_ERROR || code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING;
}

/// The policy of gateway/tls, with certificates judged by the gateway's time and lists.
CURLcode harden(CURL*, void* given, void* of_spec) {
    auto* context = static_cast<SSL_CTX*>(given);
    const auto& spec = *static_cast<const ExchangeSpec*>(of_spec);
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context),
                               std::chrono::floor<seconds>(spec.verify_at).time_since_epoch().count());
    refuse_revoked(*SSL_CTX_get_cert_store(context), spec.revoked);
    const long caching = SSL_CTX_get_session_cache_mode(context);
    const bool hard = apply_tls_policy(context);
    SSL_CTX_set_session_cache_mode(context, caching);  // FTPS servers want a data connection to resume
    return hard ? CURLE_OK : CURLE_SSL_CONNECT_ERROR;
}

/// A server met for the first time is remembered; one that shows another key later is refused.
int trust_on_first_use(CURL*, const curl_khkey*, const curl_khkey*, curl_khmatch match, void*) {
    if (match == CURLKHMATCH_OK) return CURLKHSTAT_FINE;
    return match == CURLKHMATCH_MISSING ? CURLKHSTAT_FINE_ADD_TO_FILE : CURLKHSTAT_REJECT;
}

boost::asio::ip::address address_of(const curl_sockaddr& peer) {
    if (peer.family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &peer.addr, sizeof v4);
        return boost::asio::ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    // curl_sockaddr has room for what is longer than a sockaddr (curl/curl.h).
    sockaddr_in6 v6{};
    std::memcpy(&v6, &peer.addr, sizeof v6);
    boost::asio::ip::address_v6::bytes_type bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return boost::asio::ip::address_v6(bytes);
}

}  // namespace

struct Exchange::Impl {
    ExchangeSpec spec;
    EasyPtr easy{};
    ListPtr headers{};
    ListPtr resolved{};
    update::File source{};
    std::optional<PartFile> part{};
    std::optional<Error> own_error{};  ///< why we ended it
    bool answered = false;             ///< the head of the answer was judged
    bool takes_body = false;
    bool start_over = false;

    template <class Value>
    void set(CURLoption option, Value value) const {
        curl().easy_setopt(easy.get(), option, value);
    }
    [[nodiscard]] long status() const {
        long code = 0;
        curl().easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &code);
        return spec.location.is_http() ? code : 0;
    }
    [[nodiscard]] std::string header(const char* name) const {
        curl_header* found = nullptr;
        const bool there = curl().easy_header(easy.get(), name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK;
        return there ? found->value : "";
    }

    // what libcurl calls
    static size_t on_bytes(char* bytes, size_t size, size_t count, void* self) {
        return static_cast<Impl*>(self)->take(bytes, size * count) ? size * count : CURL_WRITEFUNC_ERROR;
    }
    static size_t on_wanted(char* room, size_t size, size_t count, void* self) {
        const auto got = ::read(static_cast<Impl*>(self)->source.get(), room, size * count);
        return got < 0 ? CURL_READFUNC_ABORT : static_cast<size_t>(got);
    }
    static int on_rewind(void* self, curl_off_t offset, int origin) {
        const auto at = ::lseek(static_cast<Impl*>(self)->source.get(), offset, origin);
        return at < 0 ? CURL_SEEKFUNC_FAIL : CURL_SEEKFUNC_OK;
    }
    static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* peer) {
        return static_cast<Impl*>(self)->open_socket(*peer);
    }

    void set_common();
    void set_peer();
    void set_get();
    Result<void> set_put();
    [[nodiscard]] std::string validator() const;
    Result<void> judge_answer();
    bool take(const char* bytes, std::size_t count);
    curl_socket_t open_socket(const curl_sockaddr& peer);
    [[nodiscard]] Error trouble(CURLcode code) const;
};

void Exchange::Impl::set_common() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_PROTOCOLS_STR, "https,http,ftps,ftp,sftp");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_USERAGENT, "busbar/" BUSBAR_VERSION);
    set(CURLOPT_CONNECTTIMEOUT, in_seconds(connect_limit));
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, in_seconds(answer_limit));
    set(CURLOPT_TIMEOUT, in_seconds(whole_limit));
    set(CURLOPT_LOW_SPEED_LIMIT, slowest_bytes_a_second);
    set(CURLOPT_LOW_SPEED_TIME, in_seconds(slowest_for));
    set(CURLOPT_WRITEFUNCTION, &on_bytes);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_OPENSOCKETFUNCTION, &on_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
}

void Exchange::Impl::set_peer() {
    const auto& location = spec.location;
    std::string url = location.url;
    if (spec.tls_on_demand) {
        url.erase(3, 1);
        set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    }
    set(CURLOPT_URL, url.c_str());
    std::string entry = location.host + ':' + std::to_string(location.port) + ':';
    for (const auto& address : spec.addresses) {
        const bool v6 = address.find(':') != std::string::npos;
        entry += (entry.back() == ':' ? "" : ",") + (v6 ? '[' + address + ']' : address);
    }
    if (location.host.find(':') == std::string::npos) add(resolved, entry);
    set(CURLOPT_RESOLVE, resolved.get());
    set(CURLOPT_CAINFO, spec.ca_file.c_str());
    set(CURLOPT_CAPATH, nullptr);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_CTX_FUNCTION, &harden);
    set(CURLOPT_SSL_CTX_DATA, &spec);
    set(CURLOPT_CA_CACHE_TIMEOUT, 0L);  // each its own store, for the lists are put into it
    set(CURLOPT_SSH_AUTH_TYPES, static_cast<long>(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD));
    set(CURLOPT_SSH_KNOWNHOSTS, spec.known_hosts.c_str());
    set(CURLOPT_SSH_KEYFUNCTION, &trust_on_first_use);
}

void Exchange::Impl::set_get() {
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(spec.most_bytes));
    if (part->size() == 0) return;
    if (!spec.location.is_http()) {
        return set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(part->size()));
    }
    add(headers, "Range: bytes=" + std::to_string(part->size()) + "-");
    if (!part->validator().empty()) add(headers, "If-Range: " + part->validator());
}

Result<void> Exchange::Impl::set_put() {
    auto file = update::open_plain(AT_FDCWD, spec.file, spec.most_bytes);
    if (!file) return file.error();
    source = std::move(*file);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(update::size_of(source)));
    set(CURLOPT_READFUNCTION, &on_wanted);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_SEEKFUNCTION, &on_rewind);
    set(CURLOPT_SEEKDATA, this);
    if (!spec.location.is_http()) return {};
    if (spec.method == Method::post) set(CURLOPT_CUSTOMREQUEST, "POST");
    add(headers, "Expect:");  // some servers let one wait for the 100
    add(headers, "Content-Type: application/octet-stream");
    return {};
}

/// Fit for If-Range (RFC 9110 section 13.1.5): a weak ETag is not.
std::string Exchange::Impl::validator() const {
    const auto tag = header("ETag");
    return !tag.empty() && tag.front() == '"' ? tag : header("Last-Modified");
}

Result<void> Exchange::Impl::judge_answer() {
    answered = true;
    const long code = status();
    takes_body = spec.method == Method::get && (code == 0 || code == http_ok || code == http_partial);
    if (!takes_body) return {};
    if (code == http_ok) return part->begin(validator());
    if (code == http_partial && range_start(header("Content-Range")) != part->size()) {
        start_over = true;
        return Error{Errc::garbled,
                     spec.location.shown() + " sends another part of the file than was asked for."};
    }
    return {};
}

bool Exchange::Impl::take(const char* bytes, std::size_t count) {
    Result<void> taken;
    if (!answered) taken = judge_answer();
    if (taken && takes_body) {
        taken = part->size() + count > spec.most_bytes
                    ? Error{Errc::invalid,
                            "The file is larger than " + std::to_string(spec.most_bytes) + " bytes."}
                    : part->append(bytes, count);
    }
    if (!taken) own_error = taken.error();
    return taken.has_value();
}

/// Also of FTP's data connections, whose address the server names.
curl_socket_t Exchange::Impl::open_socket(const curl_sockaddr& peer) {
    const bool known = peer.family == AF_INET || peer.family == AF_INET6;
    const auto problem =
        known ? address_problem(address_of(peer), spec.policy) : "an unknown kind of address";
    if (problem) {
        own_error = Error{Errc::invalid, spec.location.shown() + " is not followed: " + *problem + "."};
        return CURL_SOCKET_BAD;
    }
    const int socket = ::socket(peer.family, peer.socktype | SOCK_CLOEXEC, peer.protocol);
    if (socket < 0) return CURL_SOCKET_BAD;
    const int patience = static_cast<int>(spec.user_timeout.count());
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
    const auto length = static_cast<socklen_t>(spec.device.size());
    if (!spec.device.empty() &&
        ::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, spec.device.data(), length) != 0) {
        ::close(socket);
        return CURL_SOCKET_BAD;
    }
    return socket;
}

/// libcurl's own words may repeat the location, so they are not asked for.
Error Exchange::Impl::trouble(CURLcode code) const {
    if (own_error) return *own_error;
    const auto server = spec.location.shown();
    if (code == CURLE_HTTP_RETURNED_ERROR) {
        return {code_of(status()), server + " answers " + std::to_string(status()) + "."};
    }
    if (code == CURLE_FILESIZE_EXCEEDED) {
        return {Errc::invalid, "The file is larger than " + std::to_string(spec.most_bytes) + " bytes."};
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        long verdict = X509_V_OK;
        curl().easy_getinfo(easy.get(), CURLINFO_SSL_VERIFYRESULT, &verdict);
        const char* words = X509_verify_cert_error_string(verdict);
        if (verdict != X509_V_OK) return {Errc::refused, server + " is not trusted: " + words + "."};
    }
    for (const auto& one : troubles) {
        if (one.code == code) return {one.errc, server + ' ' + one.words + '.'};
    }
    return {Errc::unreachable, server + ": " + curl().easy_strerror(code) + '.'};
}

Exchange::Exchange(ExchangeSpec spec) : impl_(std::make_unique<Impl>(Impl{std::move(spec)})) {}
Exchange::~Exchange() = default;

Result<void> Exchange::prepare() {
    impl_->easy.reset(curl().easy_init());
    if (!impl_->easy) return Error{Errc::io, "libcurl has no memory."};
    impl_->set_common();
    impl_->set_peer();
    if (impl_->spec.method != Method::get) {
        if (const auto set = impl_->set_put(); !set) return set.error();
    } else {
        auto part = PartFile::open(impl_->spec.file, impl_->spec.owner);
        if (!part) return part.error();
        impl_->part.emplace(std::move(*part));
        impl_->set_get();
    }
    impl_->set(CURLOPT_FAILONERROR, 1L);
    impl_->set(CURLOPT_HTTPHEADER, impl_->headers.get());
    return {};
}

void* Exchange::handle() const {
    return impl_->easy.get();
}

ExchangeEnd Exchange::end(int raw) {
    const auto code = static_cast<CURLcode>(raw);
    const long status = impl_->status();
    if (code == CURLE_OK && status >= http_redirect && status < http_error) {
        char* to = nullptr;
        curl().easy_getinfo(impl_->easy.get(), CURLINFO_REDIRECT_URL, &to);
        ExchangeEnd end{Error{Errc::refused, impl_->spec.location.shown() + " answers " +
                                                 std::to_string(status) + " without a place to go on at."}};
        if (to != nullptr) end.redirect = to;
        return end;
    }
    if (code == CURLE_OK) {
        auto finished = impl_->answered || !impl_->part ? Result<void>() : impl_->judge_answer();
        if (finished && impl_->part) finished = impl_->part->finish();
        return {finished};
    }
    ExchangeEnd end{impl_->trouble(code)};
    end.other_method = status == http_method_not_allowed || status == http_not_implemented;
    end.not_a_folder = !impl_->spec.location.is_http() &&
                       (code == CURLE_REMOTE_ACCESS_DENIED || code == CURLE_REMOTE_FILE_NOT_FOUND ||
                        code == CURLE_UPLOAD_FAILED);
    end.not_in_tls = impl_->spec.location.scheme == "ftps" && !impl_->spec.tls_on_demand &&
                     code == CURLE_SSL_CONNECT_ERROR;
    end.start_over =
        impl_->start_over || status == http_range_not_satisfiable || code == CURLE_BAD_DOWNLOAD_RESUME;
    end.network_failed = is_of_network(code) && !impl_->own_error;
    return end;
}

}  // namespace busbar::gateway
