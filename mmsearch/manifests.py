"""The manifests of a load: the one that was named, or those found in folders and archives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.errors import ManifestError
from ingest.manifest import Manifest, Overrides, find_manifest
from ingest.manifest import load as load_manifest
from ingest.types import Opened, SourceFile


@dataclass(slots=True)
class Manifests:
    """What is said about files, and by whom.

    Attributes:
        named: The manifest that was named; then no other counts.
        by_root: Those found in the roots of the walk.
        by_archive: Those found in archives, by the archive's path.
        refused: Archives whose manifest is wrong, with what is wrong with it.
        by_file: What was said of a file itself when it was handed in, by its path.
    """

    named: Manifest | None
    by_root: dict[Path, Manifest]
    by_archive: dict[Path, Manifest] = field(default_factory=dict)
    refused: dict[Path, str] = field(default_factory=dict)
    by_file: dict[Path, Overrides] = field(default_factory=dict)

    @classmethod
    def read(cls, named: Path | None, files: Sequence[SourceFile]) -> Manifests:
        """Read the manifest that was named, or those in the roots of some files.

        Raises:
            ManifestError: One of them is wrong.
        """
        if named is not None:
            return cls(load_manifest(named), {})
        roots = {source.root for source in files}
        paths = {root: find_manifest(root) for root in sorted(roots)}
        return cls(None, {root: load_manifest(path) for root, path in paths.items() if path})

    def open(self, opened: Opened) -> None:
        """Take the manifest of an archive: the one at its top, or in its only folder.

        One that is wrong refuses the whole archive: a slip could show a file to the wrong people.
        """
        if self.named is not None:
            return
        archive = opened.source.path
        top = _only_folder([*opened.members, *opened.manifests], archive)
        found = [one for one in opened.manifests if one.path.parent in (archive, top)]
        for one in sorted(found, key=lambda one: (len(one.path.parts), one.path)):
            if one.stored is None:
                continue
            place = one.stored.parent / "manifest"
            place.mkdir(exist_ok=True)
            one.stored.replace(place / one.path.name)
            try:
                if find_manifest(place) is not None:
                    manifest = load_manifest(place / one.path.name)
                    self.by_archive[archive] = replace(manifest, path=one.path)
                    return
            except ManifestError as exc:
                self.refused[archive] = str(exc).replace(str(place), str(archive))
                return

    def refusal(self, source: SourceFile) -> str:
        """Say why a file may not be taken, or return ""."""
        reasons = (self.refused.get(holder.path) for holder in source.holders())
        return next((reason for reason in reasons if reason), "")

    def find(self, source: SourceFile) -> Overrides | None:
        """Return what is said of a file; of one in another, with what is said of the other."""
        own = self._own(source)
        holder = self.find(source.holder) if source.holder is not None else None
        if own is None and holder is None:
            return None
        return (own or Overrides()).within(holder)

    def _own(self, source: SourceFile) -> Overrides | None:
        if self.named is not None:
            return self.named.find(source.path, source.file)
        for holder in source.holders():
            manifest = self.by_archive.get(holder.path)
            said = manifest.find(source.path, source.file) if manifest else None
            if said is not None:
                return said
        if source.path in self.by_file:
            return self.by_file[source.path]
        manifest = self.by_root.get(source.root)
        return manifest.find(source.path, source.file) if manifest is not None else None

    def remarks(self, files: Sequence[SourceFile], folders: Sequence[Path]) -> list[str]:
        """Say what a manifest names and is not there.

        One that was only found beside a file that was named itself is not expected to match.
        """
        manifests = [self.named] if self.named is not None else []
        manifests += [manifest for root, manifest in self.by_root.items() if root in folders]
        manifests += self.by_archive.values()
        remarks: list[str] = []
        for manifest in manifests:
            remarks.extend(manifest.warnings)
            missing = manifest.unmatched(files)
            remarks.extend(f"the manifest names {name!r}: no such file" for name in missing)
        return remarks


def _only_folder(members: Sequence[SourceFile], archive: Path) -> Path:
    """Return the one folder in which an archive has everything, or the archive itself."""
    first = {source.path.relative_to(archive).parts[:1] for source in members}
    folders = all(len(source.path.relative_to(archive).parts) > 1 for source in members)
    return archive.joinpath(*first.pop()) if len(first) == 1 and folders else archive
