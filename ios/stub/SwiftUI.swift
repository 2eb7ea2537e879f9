// The part of SwiftUI that the app's views use, as types without behaviour.
//
// Only for type-checking the views against the models where there is no SwiftUI
// (scripts/test-ios.sh). Never linked and never shipped. Signatures follow Apple's for iOS 17, with
// `Double` for `CGFloat`; a view that needs more adds it here.

@_exported import Foundation
@_exported import Observation

// MARK: Views

@MainActor @preconcurrency
public protocol View {
    associatedtype Body: View
    @ViewBuilder var body: Body { get }
}

extension Never: View {
    public var body: Never { fatalError("type-checking only") }
}

public protocol Primitive: View where Body == Never {}
extension Primitive {
    public var body: Never { fatalError("type-checking only") }
}

public struct EmptyView: Primitive {
    public init() {}
}
public struct ModifiedView: Primitive {}
public struct Group<Content: View>: Primitive {
    public init(@ViewBuilder content: () -> Content) {}
}
public struct TupleView<each Content: View>: Primitive {}
public struct ConditionalView<First: View, Second: View>: Primitive {}
extension Optional: View where Wrapped: View {
    public var body: Never { fatalError("type-checking only") }
}

@MainActor
@resultBuilder
public struct ViewBuilder {
    public static func buildBlock() -> EmptyView { EmptyView() }
    public static func buildBlock<Content: View>(_ content: Content) -> Content { content }
    public static func buildBlock<each Content: View>(
        _ content: repeat each Content
    ) -> TupleView<repeat each Content> { TupleView() }
    public static func buildIf<Content: View>(_ content: Content?) -> Content? { content }
    public static func buildEither<First: View, Second: View>(
        first: First
    ) -> ConditionalView<First, Second> { ConditionalView() }
    public static func buildEither<First: View, Second: View>(
        second: Second
    ) -> ConditionalView<First, Second> { ConditionalView() }
}

@MainActor @preconcurrency
public protocol PreviewProvider {
    associatedtype Previews: View
    @ViewBuilder static var previews: Previews { get }
}

// MARK: App and scenes

@MainActor @preconcurrency
public protocol App {
    associatedtype Body: Scene
    @SceneBuilder var body: Body { get }
    init()
}
extension App {
    public static func main() {}
}

@MainActor @preconcurrency
public protocol Scene {}

@MainActor
@resultBuilder
public struct SceneBuilder {
    public static func buildBlock<Content: Scene>(_ content: Content) -> Content { content }
}

public struct WindowGroup<Content: View>: Scene {
    public init(@ViewBuilder content: () -> Content) {}
}

public enum ScenePhase: Comparable, Sendable {
    case background
    case inactive
    case active
}

extension Scene {
    public func onChange<Value: Equatable>(
        of value: Value,
        initial: Bool = false,
        _ action: @escaping (Value, Value) -> Void
    ) -> some Scene { self }
}

// MARK: Data flow

@propertyWrapper @dynamicMemberLookup
public struct Binding<Value> {
    public init(
        get: @escaping @isolated(any) @Sendable () -> Value,
        set: @escaping @isolated(any) @Sendable (Value) -> Void
    ) {}
    public var wrappedValue: Value {
        get { fatalError("type-checking only") }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { self }
    public subscript<Subject>(dynamicMember path: WritableKeyPath<Value, Subject>) -> Binding<
        Subject
    > { fatalError("type-checking only") }
}

@propertyWrapper
public struct State<Value> {
    public init(wrappedValue: Value) {}
    public init(initialValue: Value) {}
    public var wrappedValue: Value {
        get { fatalError("type-checking only") }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { fatalError("type-checking only") }
}

@propertyWrapper
public struct Environment<Value> {
    public init(_ path: KeyPath<EnvironmentValues, Value>) {}
    public var wrappedValue: Value { fatalError("type-checking only") }
}

public struct EnvironmentValues {
    public var dismiss: DismissAction { DismissAction() }
    public var scenePhase: ScenePhase { .active }
}

@MainActor
public struct DismissAction {
    nonisolated init() {}
    public func callAsFunction() {}
}

// MARK: Texts and pictures

public struct LocalizedStringKey: Equatable, ExpressibleByStringInterpolation {
    public init(_ value: String) {}
    public init(stringLiteral value: String) {}
}

public struct Text: Primitive {
    public init(_ key: LocalizedStringKey) {}
    public init(verbatim content: String) {}
    @_disfavoredOverload
    public init<Content: StringProtocol>(_ content: Content) {}
    public init<Format: FormatStyle>(_ input: Format.FormatInput, format: Format)
    where Format.FormatInput: Equatable, Format.FormatOutput == String {}
}

public struct Label<Title: View, Icon: View>: Primitive {}
extension Label where Title == Text, Icon == Image {
    public init(_ key: LocalizedStringKey, systemImage: String) {}
    @_disfavoredOverload
    public init<Content: StringProtocol>(_ title: Content, systemImage: String) {}
}

public struct Image: Primitive {
    public init(systemName: String) {}
}

public struct Font: Sendable {
    public static let headline = Font()
    public static let subheadline = Font()
    public static let footnote = Font()
    public static let caption = Font()
}

public protocol ShapeStyle: Sendable {}
public struct HierarchicalShapeStyle: ShapeStyle {
    static let any = HierarchicalShapeStyle()
}
extension ShapeStyle where Self == HierarchicalShapeStyle {
    public static var secondary: Self { .any }
}
public struct Color: ShapeStyle {
    public static let red = Color()
}
extension ShapeStyle where Self == Color {
    public static var red: Color { .red }
}
public struct Material: ShapeStyle {
    static let any = Material()
}
extension ShapeStyle where Self == Material {
    public static var bar: Material { .any }
}

// MARK: Layout

public enum HorizontalAlignment: Sendable { case leading, center, trailing }
public enum VerticalAlignment: Sendable { case top, center, bottom, firstTextBaseline }
public enum VerticalEdge: Sendable { case top, bottom }
public enum Axis: Sendable { case horizontal, vertical }
public struct Edge {
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int8
        public init(rawValue: Int8) { self.rawValue = rawValue }
        public static let all = Set(rawValue: 15)
        public static let horizontal = Set(rawValue: 10)
        public static let vertical = Set(rawValue: 5)
    }
}
public struct Alignment: Sendable {
    public static let leading = Alignment()
    public static let center = Alignment()
}

public struct VStack<Content: View>: Primitive {
    public init(
        alignment: HorizontalAlignment = .center,
        spacing: Double? = nil,
        @ViewBuilder content: () -> Content
    ) {}
}
public struct HStack<Content: View>: Primitive {
    public init(
        alignment: VerticalAlignment = .center,
        spacing: Double? = nil,
        @ViewBuilder content: () -> Content
    ) {}
}
public struct GridItem: Sendable {
    public enum Size: Sendable {
        case adaptive(minimum: Double, maximum: Double = .infinity)
        case flexible(minimum: Double = 10, maximum: Double = .infinity)
    }
    public init(_ size: Size = .flexible(), spacing: Double? = nil) {}
}
public struct LazyVGrid<Content: View>: Primitive {
    public init(
        columns: [GridItem],
        alignment: HorizontalAlignment = .center,
        spacing: Double? = nil,
        @ViewBuilder content: () -> Content
    ) {}
}
public struct Spacer: Primitive {
    public init(minLength: Double? = nil) {}
}
public struct NavigationStack<Root: View>: Primitive {
    public init(@ViewBuilder root: () -> Root) {}
}
public struct List<Content: View>: Primitive {
    public init(@ViewBuilder content: () -> Content) {}
}
public struct Form<Content: View>: Primitive {
    public init(@ViewBuilder content: () -> Content) {}
}
public struct Section<Parent: View, Content: View, Footer: View>: Primitive {}
extension Section where Parent == Text, Footer == EmptyView {
    public init(_ key: LocalizedStringKey, @ViewBuilder content: () -> Content) {}
}
extension Section where Parent == EmptyView, Footer == EmptyView {
    public init(@ViewBuilder content: () -> Content) {}
}
public struct ForEach<Data: RandomAccessCollection, ID: Hashable, Content: View>: Primitive {
    public init(
        _ data: Data,
        id: KeyPath<Data.Element, ID>,
        @ViewBuilder content: @escaping (Data.Element) -> Content
    ) {}
}

// MARK: Controls

public struct ButtonRole: Sendable {
    public static let destructive = ButtonRole()
    public static let cancel = ButtonRole()
}
public struct Button<Label: View>: Primitive {
    public init(
        role: ButtonRole? = nil,
        action: @escaping @MainActor () -> Void,
        @ViewBuilder label: () -> Label
    ) {}
}
extension Button where Label == Text {
    public init(
        _ key: LocalizedStringKey,
        role: ButtonRole? = nil,
        action: @escaping @MainActor () -> Void
    ) {}
}
extension Button where Label == SwiftUI.Label<Text, Image> {
    public init(
        _ key: LocalizedStringKey,
        systemImage: String,
        action: @escaping @MainActor () -> Void
    ) {}
}
public struct TextField: Primitive {
    public init(_ key: LocalizedStringKey, text: Binding<String>) {}
    public init(_ key: LocalizedStringKey, text: Binding<String>, axis: Axis) {}
}
public struct Toggle<Label: View>: Primitive {
    public init(isOn: Binding<Bool>, @ViewBuilder label: () -> Label) {}
}
public struct Picker<Value: Hashable, Content: View>: Primitive {
    public init(
        _ key: LocalizedStringKey,
        selection: Binding<Value>,
        @ViewBuilder content: () -> Content
    ) {}
}
public struct DatePicker: Primitive {
    public init(_ key: LocalizedStringKey, selection: Binding<Date>) {}
}
public struct ProgressView<Label: View>: Primitive {}
extension ProgressView where Label == EmptyView {
    public init() {}
}
extension ProgressView where Label == Text {
    public init(_ key: LocalizedStringKey) {}
}
public struct ContentUnavailableView<Label: View, Description: View, Actions: View>: Primitive {}
extension ContentUnavailableView
where Label == SwiftUI.Label<Text, Image>, Description == Text?, Actions == EmptyView {
    public init(_ key: LocalizedStringKey, systemImage: String, description: Text? = nil) {}
}

public protocol PrimitiveButtonStyle {}
public struct BorderedButtonStyle: PrimitiveButtonStyle {}
public struct BorderedProminentButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == BorderedButtonStyle {
    public static var bordered: Self { BorderedButtonStyle() }
}
extension PrimitiveButtonStyle where Self == BorderedProminentButtonStyle {
    public static var borderedProminent: Self { BorderedProminentButtonStyle() }
}
public protocol ToggleStyle {}
public struct ButtonToggleStyle: ToggleStyle {}
extension ToggleStyle where Self == ButtonToggleStyle {
    public static var button: Self { ButtonToggleStyle() }
}

// MARK: Toolbars

public struct ToolbarItemPlacement: Sendable {
    public static let primaryAction = ToolbarItemPlacement()
    public static let confirmationAction = ToolbarItemPlacement()
    public static let cancellationAction = ToolbarItemPlacement()
}
@MainActor @preconcurrency
public protocol ToolbarContent {}
public struct ToolbarItem<Content: View>: ToolbarContent {
    public init(placement: ToolbarItemPlacement, @ViewBuilder content: () -> Content) {}
}
public struct ToolbarTuple<each Content: ToolbarContent>: ToolbarContent {}
@MainActor
@resultBuilder
public struct ToolbarContentBuilder {
    public static func buildBlock<Content: ToolbarContent>(_ content: Content) -> Content {
        content
    }
    public static func buildBlock<each Content: ToolbarContent>(
        _ content: repeat each Content
    ) -> ToolbarTuple<repeat each Content> { ToolbarTuple() }
}

// MARK: Modifiers

public struct AccessibilityChildBehavior: Sendable {
    public static let combine = AccessibilityChildBehavior()
}
public struct AccessibilityTraits: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let isSelected = AccessibilityTraits(rawValue: 1)
}
public struct TextInputAutocapitalization: Sendable {
    public static var never: Self { Self() }
}
public enum NavigationBarTitleDisplayMode: Sendable { case inline, large, automatic }
public enum UIKeyboardType: Sendable { case URL }

extension View {
    public func font(_ font: Font?) -> some View { ModifiedView() }
    public func foregroundStyle<Style: ShapeStyle>(_ style: Style) -> some View { ModifiedView() }
    public func background<Style: ShapeStyle>(_ style: Style) -> some View { ModifiedView() }
    public func lineLimit(_ limit: Int?) -> some View { ModifiedView() }
    public func lineLimit(_ limit: PartialRangeFrom<Int>) -> some View { ModifiedView() }
    public func padding(_ edges: Edge.Set = .all, _ length: Double? = nil) -> some View {
        ModifiedView()
    }
    public func frame(
        minWidth: Double? = nil,
        idealWidth: Double? = nil,
        maxWidth: Double? = nil,
        minHeight: Double? = nil,
        idealHeight: Double? = nil,
        maxHeight: Double? = nil,
        alignment: Alignment = .center
    ) -> some View { ModifiedView() }
    public func disabled(_ disabled: Bool) -> some View { ModifiedView() }
    public func buttonStyle<Style: PrimitiveButtonStyle>(_ style: Style) -> some View {
        ModifiedView()
    }
    public func toggleStyle<Style: ToggleStyle>(_ style: Style) -> some View { ModifiedView() }
    public func textInputAutocapitalization(_ value: TextInputAutocapitalization?) -> some View {
        ModifiedView()
    }
    public func autocorrectionDisabled(_ disable: Bool = true) -> some View { ModifiedView() }
    public func keyboardType(_ type: UIKeyboardType) -> some View { ModifiedView() }
    public func tag<Value: Hashable>(_ value: Value) -> some View { ModifiedView() }
    public func navigationTitle(_ key: LocalizedStringKey) -> some View { ModifiedView() }
    public func navigationBarTitleDisplayMode(_ mode: NavigationBarTitleDisplayMode) -> some View {
        ModifiedView()
    }
    public func toolbar<Content: ToolbarContent>(
        @ToolbarContentBuilder content: () -> Content
    ) -> some View { ModifiedView() }
    public func overlay<Content: View>(@ViewBuilder content: () -> Content) -> some View {
        ModifiedView()
    }
    public func safeAreaInset<Content: View>(
        edge: VerticalEdge,
        @ViewBuilder content: () -> Content
    ) -> some View { ModifiedView() }
    public func searchable(text: Binding<String>, prompt: LocalizedStringKey) -> some View {
        ModifiedView()
    }
    public func refreshable(action: @escaping @MainActor @Sendable () async -> Void) -> some View {
        ModifiedView()
    }
    public func task(_ action: @escaping @MainActor @Sendable () async -> Void) -> some View {
        ModifiedView()
    }
    public func onAppear(perform action: @escaping @MainActor () -> Void) -> some View {
        ModifiedView()
    }
    public func onChange<Value: Equatable>(
        of value: Value,
        initial: Bool = false,
        _ action: @escaping @MainActor (Value, Value) -> Void
    ) -> some View { ModifiedView() }
    public func sheet<Content: View>(
        isPresented: Binding<Bool>,
        @ViewBuilder content: @escaping () -> Content
    ) -> some View { ModifiedView() }
    public func alert<Actions: View, Description: View>(
        _ key: LocalizedStringKey,
        isPresented: Binding<Bool>,
        @ViewBuilder actions: () -> Actions,
        @ViewBuilder message: () -> Description
    ) -> some View { ModifiedView() }
    public func accessibilityElement(children: AccessibilityChildBehavior) -> some View {
        ModifiedView()
    }
    public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View {
        ModifiedView()
    }
    public func accessibilityIdentifier(_ identifier: String) -> some View { ModifiedView() }
    public func previewDisplayName(_ name: String?) -> some View { ModifiedView() }
}
