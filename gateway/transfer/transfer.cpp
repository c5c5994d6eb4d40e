// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/transfer.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "gateway/transfer/part_file.hpp"

namespace busbar::gateway {
namespace {

namespace ip = boost::asio::ip;

constexpr seconds lookup_limit{30};
constexpr int most_redirects = 5;
constexpr int most_moves = 5;

std::vector<ip::address> addresses_of(const Endpoints& endpoints) {
    std::vector<ip::address> addresses;
    addresses.reserve(endpoints.size());
    for (const auto& one : endpoints) addresses.push_back(one.address());
    return addresses;
}

}  // namespace

std::shared_ptr<FileTransfer> FileTransfer::start(const TransferSurroundings& around, Job job, Done done) {
    std::shared_ptr<FileTransfer> transfer(new FileTransfer(around, std::move(job), std::move(done)));
    boost::asio::post(around.loop, [weak = std::weak_ptr(transfer)] {
        if (const auto self = weak.lock()) self->begin();
    });
    return transfer;
}

FileTransfer::FileTransfer(const TransferSurroundings& around, Job job, Done done)
    : around_(around),
      job_(std::move(job)),
      done_(std::move(done)),
      timer_(around.loop),
      method_(job_.upload ? Method::put : Method::get) {}

FileTransfer::~FileTransfer() {
    if (running_) around_.carrier.cancel(*running_);
}

/// A folder is what OCPP means by an upload's location; over HTTP only one that ends in '/' is taken for one.
Result<Location> FileTransfer::first_location() const {
    auto location = read_location(job_.location, around_.config().transfers.schemes);
    if (!location || !job_.upload || as_named_) return location;
    const bool is_folder = location->names_folder() || !location->is_http();
    return is_folder ? file_in(*location, job_.name) : location;
}

void FileTransfer::begin() {
    auto location = first_location();
    if (!location) return finish(location.error());
    location_ = std::move(*location);
    hops_ = 0;
    look_up();
}

void FileTransfer::look_up() {
    uplink_ = around_.path().uplink;
    boost::system::error_code is_a_name;
    const auto literal = ip::make_address(location_.host, is_a_name);
    if (!is_a_name) return carry({literal});
    const int question = ++question_;
    const auto weak = weak_from_this();
    timer_.expires_after(lookup_limit);
    timer_.async_wait([weak, question](const boost::system::error_code& cancelled) {
        const auto self = weak.lock();
        if (cancelled || !self || question != self->question_) return;
        ++self->question_;
        self->finish(Error{Errc::timeout, "Nobody told the address of " + self->location_.host + "."});
    });
    around_.path().lookup->find(location_.host, location_.port, shared_from_this(),
                                [weak, question](const Result<HostLookup::Found>& found) {
                                    const auto self = weak.lock();
                                    if (!self || question != self->question_) return;
                                    self->timer_.cancel();
                                    if (!found) return self->finish(found.error());
                                    self->carry(addresses_of(found->endpoints));
                                });
}

void FileTransfer::carry(const std::vector<ip::address>& addresses) {
    const auto& config = around_.config();
    std::vector<std::string> texts;
    for (const auto& address : addresses) {
        if (const auto problem = address_problem(address, config.transfers)) {
            return finish(Error{Errc::invalid, location_.shown() + " is not followed: " + *problem + "."});
        }
        texts.push_back(address.to_string());
    }
    std::uint64_t most = job_.most_bytes;
    if (const auto left = around_.budget()) most = std::min(most, *left);
    if (most == 0) {
        return finish(Error{Errc::refused, "The month's budget of the uplink " + uplink_ + " is used up."});
    }
    const auto& path = around_.path();
    ExchangeSpec spec{method_,
                      location_,
                      texts,
                      path.device,
                      config.transfers,
                      config.central_system.ca_file,
                      around_.verify_at(),
                      tls_on_demand_,
                      around_.known_hosts,
                      job_.file,
                      job_.location,
                      most,
                      path.user_timeout,
                      around_.revoked()};
    running_ = around_.carrier.start(std::move(spec), [weak = weak_from_this()](const ExchangeEnd& end) {
        if (const auto self = weak.lock()) self->on_end(end);
    });
}

void FileTransfer::on_end(const ExchangeEnd& end) {
    running_.reset();
    if (end.result) return finish({});
    if (!end.redirect.empty()) return redirect(end.redirect);
    if (try_otherwise(end)) return;
    if (end.network_failed && around_.path().uplink != uplink_) return on_moved();
    finish(end.result);
}

/// What the specification leaves open about the other side is tried once each.
bool FileTransfer::try_otherwise(const ExchangeEnd& end) {
    const bool post = end.other_method && method_ == Method::put;
    const bool as_file = job_.upload && end.not_a_folder && !as_named_ && !location_.is_http();
    const bool anew = end.start_over && !std::exchange(started_over_, true);
    if (post) method_ = Method::post;
    if (end.not_in_tls) tls_on_demand_ = true;
    if (as_file) as_named_ = true;
    if (anew) PartFile::remove(job_.file);
    if (!post && !as_file && !anew && !end.not_in_tls) return false;
    begin();
    return true;
}

void FileTransfer::redirect(const std::string& to) {
    auto next = read_redirect(location_, to, around_.config().transfers.schemes);
    if (!next) return finish(next.error());
    if (++hops_ > most_redirects) {
        return finish(Error{Errc::refused, location_.shown() + " redirects without end."});
    }
    location_ = std::move(*next);
    look_up();
}

void FileTransfer::on_moved() {
    if (!done_ || around_.path().uplink == uplink_) return;
    if (running_) around_.carrier.cancel(*running_);
    running_.reset();
    ++question_;
    if (++moves_ > most_moves) {
        return finish(Error{Errc::unreachable, "The uplink changed too often meanwhile."});
    }
    begin();
}

void FileTransfer::finish(const Result<void>& result) {
    timer_.cancel();
    if (const auto done = std::exchange(done_, nullptr)) done(result);
}

}  // namespace busbar::gateway
