#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# What the package is made of, as SPDX 2.3 JSON on standard output: the libraries its programs load and those compiled
# into them, as dpkg has them on this machine, and what the web pages were bundled from.
#   packaging/sbom.pl ARCHITECTURE VERSION      in the source tree, while the package is built
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use JSON::PP;
use POSIX qw(strftime);

my ($arch, $version) = @ARGV;
my $lock = 'gateway/web/ui/package-lock.json';
# Headers and archives only: nothing at run time tells that they are there.
my @compiled_in = qw(libboost1.81-dev libboost-dev libcli11-dev libsqlitecpp-dev nlohmann-json3-dev);

sub slurp {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    local $/;
    return scalar <$in>;
}

sub dpkg {
    my ($name) = @_;
    for my $asked ("$name:$arch", $name) {
        my @fields = split /\t/, `dpkg-query -W -f '\${db:Status-Abbrev}\t\${Version}\t\${source:Package}\t\${source:Version}' $asked 2>/dev/null`;
        return @fields[1 .. 3] if @fields == 4 && $fields[0] =~ /^ii/;
    }
    return;
}

sub loaded {
    my %names;
    for my $file (glob 'debian/busbar*.substvars') {
        for my $line (grep { /^shlibs:Depends=/ } split /\n/, slurp($file)) {
            $line =~ s/^[^=]*=//;
            $names{$1} = 1 while $line =~ /([a-z0-9][a-z0-9.+-]+)(?: \([^)]*\))?(?:,|$)/g;
        }
    }
    return sort keys %names;
}

my (@packages, @relations);

sub add {
    my ($id, $name, $has, $relation, $purl, $supplier) = @_;
    $id =~ s/[^A-Za-z0-9.-]/-/g;
    push @packages, {
        SPDXID => "SPDXRef-$id", name => $name, versionInfo => $has, downloadLocation => 'NOASSERTION', filesAnalyzed => JSON::PP::false,
        licenseConcluded => 'NOASSERTION', licenseDeclared => 'NOASSERTION', copyrightText => 'NOASSERTION', supplier => $supplier,
        externalRefs => [{ referenceCategory => 'PACKAGE-MANAGER', referenceType => 'purl', referenceLocator => $purl }],
    };
    push @relations, { spdxElementId => 'SPDXRef-busbar', relationshipType => $relation, relatedSpdxElement => "SPDXRef-$id" };
    return $packages[-1];
}

sub add_debian {
    my ($name, $relation) = @_;
    my ($has, $source, $source_version) = dpkg($name) or return;
    my $package = add("deb-$name", $name, $has, $relation, "pkg:deb/debian/$name\@$has?arch=$arch", 'Organization: Debian');
    $package->{sourceInfo} = "Debian source package $source $source_version";
    return;
}

sub add_npm {
    my $packages = decode_json(slurp($lock))->{packages};
    # Only what ends up in the bundles: the tools that made them are not in the package.
    for my $name (qw(svelte uplot)) {
        my $has = $packages->{"node_modules/$name"}{version} // die "$lock: no $name\n";
        my $package = add("npm-$name", $name, $has, 'CONTAINS', "pkg:npm/$name\@$has", 'NOASSERTION');
        $package->{licenseDeclared} = $packages->{"node_modules/$name"}{license} // 'NOASSERTION';
    }
    return;
}

my $self = add('busbar', 'busbar', $version, 'CONTAINS', "pkg:deb/busbar\@$version?arch=$arch", 'Organization: Busbar Maintainers');
@relations = ({ spdxElementId => 'SPDXRef-DOCUMENT', relationshipType => 'DESCRIBES', relatedSpdxElement => 'SPDXRef-busbar' });
$self->{SPDXID} = 'SPDXRef-busbar';
$self->{licenseDeclared} = $self->{licenseConcluded} = 'Apache-2.0';
add_debian($_, 'DEPENDS_ON') for loaded();
add_debian($_, 'STATIC_LINK') for @compiled_in;
add_npm();

my $json = JSON::PP->new->canonical->pretty->utf8;
my $content = sha256_hex($json->encode([\@packages, \@relations]));
print $json->encode({
    spdxVersion => 'SPDX-2.3', dataLicense => 'CC0-1.0', SPDXID => 'SPDXRef-DOCUMENT', name => "busbar-$version-$arch",
    documentNamespace => "https://busbar.example/spdx/busbar-$version-$arch-" . substr($content, 0, 32),
    creationInfo => { created => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime($ENV{SOURCE_DATE_EPOCH} // time)), creators => ['Tool: busbar-sbom'] },
    packages => \@packages, relationships => \@relations,
});
